/* The timeline: one row per resource, laid by EventCalendar over what templates/macros/planning.html wrote in the host.
   Without this module the same planning is in the table and the list of the page, which stay there.
   Wall times are those of the host's data-time-zone; the feed and the API speak instants with an offset. */

const VIEWS = {
  day: { view: "resourceTimelineDay", slot: "00:30", label: "01:00", width: 27, days: 1 },
  week: { view: "resourceTimelineWeek", slot: "02:00", label: "04:00", width: 26, days: 7, from: "08:00", to: "20:00" },
  month: { view: "resourceTimelineMonth", width: 44, days: 31 },
};
const WIDE = "(min-width: 700px)";

/** The first and the day after the last of the days shown, as YYYY-MM-DD. */
function daysShown(view, date) {
  const first = new Date(`${date}T00:00:00Z`);
  if (view === "week") first.setUTCDate(first.getUTCDate() - ((first.getUTCDay() + 6) % 7));
  if (view === "month") first.setUTCDate(1);
  const end = new Date(first);
  if (view === "month") end.setUTCMonth(end.getUTCMonth() + 1);
  else end.setUTCDate(end.getUTCDate() + VIEWS[view].days);
  return [first, end].map((day) => day.toISOString().slice(0, 10));
}

/** Conversions between an instant and the wall clock of one zone. */
class Clock {
  constructor(zone) {
    const figures = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
    this.format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, hourCycle: "h23", ...figures });
  }

  /** "2026-12-01T09:00:00", what a clock on the wall shows at this instant. */
  wall(instant) {
    return this.format.format(new Date(instant)).replace(" ", "T");
  }

  /** How far the wall is from UTC at this instant, as "+01:00". */
  offset(instant) {
    const minutes = Math.round((Date.parse(`${this.wall(instant)}Z`) - instant) / 60_000);
    const two = (number) => String(number).padStart(2, "0");
    return `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  }

  /** Every instant at which the wall shows this: none in the hour that spring skips, two in the hour that autumn repeats. */
  instants(wall) {
    const guess = Date.parse(`${wall}Z`);
    const around = [-1, 0, 1].map((day) => {
      const near = guess + day * 86_400_000;
      return guess - (Date.parse(`${this.wall(near)}Z`) - near);
    });
    return [...new Set(around)].filter((instant) => this.wall(instant) === wall).sort((a, b) => a - b);
  }
}

/** EventCalendar hands out dates whose local fields are the wall clock. */
function wallOf(date) {
  const two = (number) => String(number).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

function say(sentence, kind) {
  document.dispatchEvent(new CustomEvent("coopshare:say", { detail: { sentence, kind } }));
}

/** One event of the feed as EventCalendar wants it; preparation becomes thin edges behind it. */
function drawn(event, clock) {
  const resourceIds = [event.resource_id];
  const [before, after] = (event.preparation ?? [0, 0]).map((minutes) => minutes * 60_000);
  const [start, end] = [Date.parse(event.start), Date.parse(event.end)];
  const edge = (from, to, side) => ({
    id: `${event.id}-${side}`,
    resourceIds,
    start: clock.wall(from),
    end: clock.wall(to),
    display: "background",
    classNames: ["is-preparation"],
  });
  const state = event.state === "pending" ? "is-pending" : event.mine ? "is-mine" : "is-taken";
  return [
    {
      id: event.id,
      resourceIds,
      start: clock.wall(start),
      end: clock.wall(end),
      title: event.title,
      editable: Boolean(event.editable),
      classNames: [state, ...(event.mine ? ["is-ours"] : []), ...(event.url ? ["has-page"] : [])],
      extendedProps: { source: event },
    },
    ...(before ? [edge(start - before, start, "before")] : []),
    ...(after ? [edge(end, end + after, "after")] : []),
  ];
}

function closure(closed, index, clock) {
  return {
    id: `closed-${index}`,
    resourceIds: [closed.resource_id],
    start: clock.wall(closed.start),
    end: clock.wall(closed.end),
    title: closed.reason,
    display: "background",
    classNames: ["is-closed"],
    extendedProps: { reason: closed.reason },
  };
}

class Planning {
  constructor(host) {
    this.host = host;
    this.is = host.dataset;
    this.clock = new Clock(this.is.timeZone);
    this.figures = new Intl.DateTimeFormat(this.is.locale, { hour: "numeric", minute: "2-digit" });
    this.day = new Intl.DateTimeFormat(this.is.locale, { weekday: "long", day: "numeric", month: "long" });
    this.short = new Intl.DateTimeFormat(this.is.locale, { weekday: "short", day: "numeric" });
    this.names = new Map();
  }

  async load() {
    const [from, to] = daysShown(this.is.view, this.is.date);
    const url = new URL(this.is.feedUrl, location.href);
    url.searchParams.set("from", from);
    url.searchParams.set("to", to);
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`planning: ${answer.status}`);
    const feed = await answer.json();
    this.names = new Map(feed.resources.map((resource) => [resource.id, resource.title]));
    return {
      resources: feed.resources.map((resource) => ({ id: resource.id, title: resource.title, extendedProps: { source: resource } })),
      events: [
        ...feed.events.flatMap((event) => drawn(event, this.clock)),
        ...(feed.closed ?? []).map((closed, index) => closure(closed, index, this.clock)),
      ],
    };
  }

  async start() {
    const shape = VIEWS[this.is.view] ?? VIEWS.day;
    const loaded = await this.load();
    this.host.hidden = false;
    const canBook = "canBook" in this.is;
    this.calendar = window.EventCalendar.create(this.host, {
      ...loaded,
      view: shape.view,
      date: this.is.date,
      locale: this.is.locale,
      firstDay: 1,
      headerToolbar: { start: "", center: "", end: "" },
      height: "auto",
      nowIndicator: true,
      selectable: canBook,
      editable: false,
      slotWidth: shape.width,
      ...(shape.slot ? { slotDuration: shape.slot, slotLabelInterval: shape.label } : {}),
      slotMinTime: shape.from ?? this.is.slotFrom,
      slotMaxTime: shape.to ?? this.is.slotTo,
      flexibleSlotTimeLimits: true,
      slotLabelFormat: (time) => this.hour(time),
      timeZone: this.clock.offset(Date.now()), // places the line of "now"; the rest is given in wall time
      resourceLabelContent: ({ resource }) => ({ domNodes: this.label(resource.extendedProps.source) }),
      eventContent: (info) => this.content(info),
      eventDidMount: ({ el, event }) => this.describe(el, event),
      eventClick: ({ event }) => this.open(event),
      select: (info) => this.book(info),
      eventDrop: (info) => this.move(info),
      eventResize: (info) => this.move(info),
    });
    this.makeReadable();
    this.foldTable();
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
  }

  /** The table is folded below the timeline, and opened while the page is printed: paper shows the table. */
  foldTable() {
    for (const folded of document.querySelectorAll("details[data-planning-fallback]")) {
      folded.open = false;
      let was = false;
      addEventListener("beforeprint", () => ([was, folded.open] = [folded.open, true]));
      addEventListener("afterprint", () => (folded.open = was));
    }
  }

  async refresh() {
    const loaded = await this.load().catch(() => null);
    if (!loaded) return;
    this.calendar.setOption("resources", loaded.resources);
    this.calendar.setOption("events", loaded.events);
  }

  label(resource) {
    const name = element(resource.url ? "a" : "span", "planning-name", resource.title);
    if (resource.url) name.href = resource.url;
    if (resource.quantity > 1) return [name, element("span", "planning-capacity", `× ${resource.quantity}`)];
    if (!resource.capacity) return [name];
    return [name, element("span", "planning-capacity", this.is.textCapacity.replace("{number}", resource.capacity))];
  }

  content({ event }) {
    if (event.display === "background") return event.extendedProps.reason ? { domNodes: [element("span", "visually-hidden", event.title)] } : "";
    return { domNodes: [element("span", "planning-hours", this.span(event)), element("span", "planning-title", event.title)] };
  }

  /** From when to when; a bar that began or ends on another day says which. */
  span(event) {
    const last = new Date(event.end.getTime() - 1); // midnight belongs to the day it ends
    if (event.start.toDateString() === last.toDateString()) return `${this.hour(event.start)} – ${this.hour(event.end)}`;
    return `${this.short.format(event.start)} ${this.hour(event.start)} – ${this.short.format(last)} ${this.hour(event.end)}`;
  }

  /** « 9 h 30 » in French, as the rest of the house writes it (narrow no-break spaces). */
  hour(time) {
    if (!this.is.locale.startsWith("fr")) return this.figures.format(time);
    const minutes = time.getMinutes() ? `\u202f${String(time.getMinutes()).padStart(2, "0")}` : "";
    return `${time.getHours()}\u202fh${minutes}`;
  }

  describe(el, event) {
    if (event.display === "background") {
      if (!event.extendedProps.reason) return;
      el.title = event.extendedProps.reason;
      el.tabIndex = 0;
      el.setAttribute("aria-label", this.is.textClosed.replace("{reason}", event.extendedProps.reason));
      return;
    }
    const source = event.extendedProps.source;
    if (!source) return; // the span being drawn
    const facts = [this.names.get(source.resource_id), this.day.format(event.start), this.span(event), event.title];
    if (source.state === "pending") facts.push(this.is.textPending);
    el.dataset.label = facts.filter(Boolean).join(", ");
    el.title = el.dataset.label;
  }

  open(event) {
    const url = event.extendedProps.source?.url;
    if (url) location.assign(url);
  }

  /** A free span was drawn: the booking form opens with it filled in. Nothing is written here. */
  book({ start, end, resource }) {
    const url = new URL(this.is.bookUrl, location.href);
    url.searchParams.set("from", wallOf(start).slice(0, 16));
    url.searchParams.set("to", wallOf(end).slice(0, 16));
    if (resource) url.searchParams.set("resource", resource.id);
    location.assign(url);
  }

  async move({ event, newResource, revert }) {
    const refuse = (sentence) => {
      revert();
      say(sentence, "error");
    };
    const source = event.extendedProps.source;
    const [starts, ends] = [event.start, event.end].map((date) => this.clock.instants(wallOf(date)));
    if (starts.length !== 1 || ends.length !== 1) return refuse(this.is.textClockChange);
    const body = { starts_at: new Date(starts[0]).toISOString(), ends_at: new Date(ends[0]).toISOString() };
    if (newResource) {
      if (!source.quantity) return refuse(this.is.textSeveral);
      body.lines = [{ resource_id: newResource.id, quantity: source.quantity }];
    }
    const url = `${this.is.moveUrl}/${source.booking_id ?? source.id}`;
    try {
      const etag = source.etag ?? (await fetch(url)).headers.get("ETag");
      const headers = { "Content-Type": "application/json", "If-Match": etag, "X-CSRFToken": this.is.csrf };
      const answer = await fetch(url, { method: "PATCH", headers, body: JSON.stringify(body) });
      if (answer.ok) {
        say(this.is.textMoved.replace("{title}", event.title).replace("{when}", `${this.day.format(event.start)}, ${this.span(event)}`));
      } else {
        const problem = await answer.json().catch(() => ({}));
        refuse(problem.detail ?? this.is.textFailed);
      }
    } catch {
      return refuse(this.is.textFailed);
    }
    await this.refresh();
  }

  /** What the widget draws is not a real table: say instead what it is, again after each redraw. */
  makeReadable() {
    const roles = ["row", "rowgroup", "rowheader", "columnheader", "cell", "table"].map((role) => `[role=${role}]`).join(",");
    const outer = () => this.host.querySelector(".ec") ?? this.host;
    const repair = () => {
      for (const part of this.host.querySelectorAll(roles)) part.removeAttribute("role");
      for (const name of ["aria-colindex", "aria-colspan", "aria-rowindex", "aria-colcount", "aria-rowcount"]) {
        for (const part of this.host.querySelectorAll(`[${name}]`)) part.removeAttribute(name);
      }
      outer().setAttribute("role", "region");
      outer().setAttribute("aria-label", this.is.label);
      for (const event of this.host.querySelectorAll(".ec-event")) {
        event.removeAttribute("role");
        event.tabIndex = 0;
        if (event.dataset.label) event.setAttribute("aria-label", event.dataset.label);
        for (const heading of event.querySelectorAll("h4")) heading.setAttribute("role", "presentation");
      }
    };
    repair();
    new MutationObserver(repair).observe(this.host, { childList: true, subtree: true });
  }
}

for (const host of document.querySelectorAll("[data-planning]")) {
  const wide = matchMedia(WIDE);
  const planning = new Planning(host);
  const start = () => {
    if (!wide.matches || planning.calendar || !window.EventCalendar) return;
    planning.start().catch(() => (host.hidden = true));
  };
  start();
  wide.addEventListener("change", start);
}
