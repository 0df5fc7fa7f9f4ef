/* The screen at a door. It keeps today and tomorrow as the server told them, draws what is true now by its own clock, set by the server's, and asks again
   each minute. Without network it goes on by itself, says since when, and asks less and less often until somebody answers.
   What is told at each instant is decided as in coopshare/bookings/door.py. */

const { body } = document;
const words = JSON.parse(body.dataset.words);
const every = Number(body.dataset.every) * 1000;
const LONGEST = 5 * 60 * 1000;
const PATIENCE = 20 * 1000;
const RELOAD_AFTER = 24 * 3600;
const MOST_OTHERS = 5;
const NARROW = "\u202f";

let day = JSON.parse(body.dataset.day);
let tag = `"${body.dataset.tag}"`;
let skew = Number(body.dataset.now) - Date.now() / 1000;
let heard = Number(body.dataset.now);
let failures = 0;
let waiting = null;
const born = heard;

const present = () => Math.floor(Date.now() / 1000 + skew);
const fill = (sentence, time) => sentence.replace("{time}", time);

/** An instant as the clock at the door shows it: its hands are those of UTC here. */
function local(moment) {
  let shift = 0;
  day.offsets.forEach(([start, minutes]) => { if (start <= moment) shift = minutes; });
  return new Date((moment + shift * 60) * 1000);
}

function time(moment) {
  const hands = local(moment);
  const [hours, minutes] = [hands.getUTCHours(), hands.getUTCMinutes()];
  const two = String(minutes).padStart(2, "0");
  if (document.documentElement.lang !== "fr") return `${String(hours).padStart(2, "0")}:${two}`;
  return minutes ? `${hours}${NARROW}h${NARROW}${two}` : `${hours}${NARROW}h`;
}

function timeAfter(moment, now) {
  const [here, there] = [local(now), local(moment)];
  const midnight = Date.UTC(here.getUTCFullYear(), here.getUTCMonth(), here.getUTCDate() + 1);
  if (there.getTime() <= midnight) return time(moment);
  return fill(words.tomorrow, time(moment));
}

const span = (one) => `${time(one.start)}\u00a0–\u00a0${time(one.end)}`;

function untilOf(running, now, ends) {
  if (!running.length) {
    const coming = Math.min(ends, ...day.spans.filter((s) => s.start > now).map((s) => s.start));
    return coming < ends ? coming : null;
  }
  const isClosed = running.every((s) => s.kind === "closed");
  const same = day.spans.filter((s) => (s.kind === "closed") === isClosed);
  let until = now;
  same.sort((a, b) => a.start - b.start || a.end - b.end).forEach((s) => {
    if (s.start <= until && until < s.end) until = s.end;
  });
  if (isClosed) {
    day.spans.forEach((s) => {
      if (s.kind !== "closed" && now < s.start && s.start < until) until = s.start;
    });
  }
  return until;
}

function told(now) {
  if (now < day.start || now >= day.end) {
    return { state: "unknown", until: null, current: null, rest: [], others: [] };
  }
  const ends = now < day.today_ends ? day.today_ends : day.end;
  const running = day.spans.filter((s) => s.start <= now && now < s.end);
  const bookings = day.spans.filter((s) => s.kind === "booking" && s.end > now && s.start < ends);
  const others = [];
  day.others.forEach((other) => other.free.forEach(([start, end]) => {
    if (start <= now && now < end) others.push({ name: other.name, end });
  }));
  others.sort((a, b) => Math.min(b.end, ends) - Math.min(a.end, ends));
  let state = "free";
  if (running.some((s) => s.kind !== "closed")) state = "taken";
  else if (running.length) state = "closed";
  return {
    state,
    until: untilOf(running, now, ends),
    current: bookings.find((s) => s.start <= now) || null,
    rest: bookings.filter((s) => s.start > now),
    others: others.map(({ name, end }) => ({ name, until: end < ends ? end : null })),
  };
}

function write(part, text) {
  const place = body.querySelector(`[data-part="${part}"]`);
  if (place.textContent !== text) place.textContent = text;
}

/** Fill a list with lines of [text, hours, hours first?]; it is left alone while it says the same. */
function list(part, lines, empty) {
  const place = body.querySelector(`[data-part="${part}"]`);
  const mark = JSON.stringify(lines);
  if (place.dataset.mark === mark) return;
  place.dataset.mark = mark;
  place.textContent = "";
  (lines.length ? lines : [[empty, "", false]]).forEach(([text, hours, isFirst]) => {
    const line = document.createElement("li");
    const strong = document.createElement("span");
    strong.className = "hours";
    strong.textContent = hours;
    const said = document.createTextNode(isFirst ? ` ${text}` : `${text}, `);
    if (!hours) line.textContent = text;
    else if (isFirst) { line.appendChild(strong); line.appendChild(said); }
    else { line.appendChild(said); line.appendChild(strong); }
    place.appendChild(line);
  });
}

function untilWords(found, now) {
  if (found.state === "unknown") return words.no_news;
  if (found.until === null) return found.state === "closed" ? "" : words.all_day;
  const sentence = found.state === "closed" ? words.opens : words.until;
  return fill(sentence, timeAfter(found.until, now));
}

function draw() {
  const now = present();
  const found = told(now);
  const { current } = found;
  body.dataset.state = found.state;
  write("clock", time(now));
  write("word", words[found.state]);
  write("until", untilWords(found, now));
  let line = found.state === "taken" ? words.between : "";
  if (current) line = current.words ? `${span(current)}, ${current.words}` : span(current);
  write("current", line);
  let come = "";
  if (current && current.here) come = words.here;
  else if (current && current.until > now) come = fill(words.come, time(current.until));
  write("come", come);
  list("rest", found.rest.map((s) => [s.words || words.booked, span(s), true]), words.nothing);
  list(
    "others",
    found.others.slice(0, MOST_OTHERS).map((other) => [
      other.name,
      other.until === null ? words.all_day : fill(words.until, timeAfter(other.until, now)),
      false,
    ]),
    words.no_other,
  );
  body.classList.toggle("is-offline", failures > 0);
  write("updated", fill(failures ? words.offline : words.updated, time(heard)));
}

const late = () => new Promise((_, refuse) => { setTimeout(() => refuse(new Error("late")), PATIENCE); });

async function ask() {
  clearTimeout(waiting);
  waiting = setTimeout(ask, LONGEST); // whatever happens below, somebody asks again
  try {
    const question = fetch(body.dataset.source, {
      headers: { "If-None-Match": tag },
      cache: "no-store",
      credentials: "omit",
    });
    const answer = await Promise.race([question, late()]);
    if (answer.status === 404) {
      window.location.reload(); // the screen was taken down: nothing of it stays on the wall
      return;
    }
    if (answer.status === 200) {
      day = await answer.json();
      tag = answer.headers.get("ETag") || "";
    } else if (answer.status !== 304) {
      throw new Error(String(answer.status));
    }
    heard = Number(answer.headers.get("X-Now"));
    skew = heard - Date.now() / 1000;
    failures = 0;
    if (heard - born > RELOAD_AFTER) {
      window.location.reload(); // once a day, so that a new version of this page comes too
      return;
    }
  } catch (error) {
    failures += 1;
  }
  draw();
  clearTimeout(waiting);
  waiting = setTimeout(ask, Math.min(LONGEST, every * 2 ** Math.max(0, failures - 1)));
}

draw();
setInterval(draw, 5000);
waiting = setTimeout(ask, every);
window.addEventListener("online", ask);
