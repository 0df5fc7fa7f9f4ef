/* How a booking comes back follows its day, as long as nobody chose otherwise. The form works without this module. */

const host = document.querySelector("[data-repeat]");
const day = document.querySelector("input[name=day]");

/** What the fields would say for a day by themselves: weekday from Monday, number of the day, rank in the month. */
function readings(value) {
  const date = new Date(`${value}T12:00:00Z`);
  if (Number.isNaN(date.getTime())) return null;
  const number = date.getUTCDate();
  const rank = Math.ceil(number / 7);
  return { weekday: String((date.getUTCDay() + 6) % 7), number: String(number), rank: String(rank > 4 ? -1 : rank) };
}

/** Has the fields say the same of another day, where they still said what the day before it meant. */
function follow(before, after) {
  const boxes = [...host.querySelectorAll("input[name=weekdays]")];
  const ticked = boxes.filter((box) => box.checked).map((box) => box.value);
  if (ticked.length === 1 && ticked[0] === before.weekday) {
    for (const box of boxes) box.checked = box.value === after.weekday;
  }
  for (const [name, part] of [["month_day", "number"], ["nth_rank", "rank"], ["nth_weekday", "weekday"]]) {
    const field = host.querySelector(`select[name=${name}]`);
    if (field.value === before[part]) field.value = after[part];
  }
}

if (host && day) {
  let before = readings(day.value);
  day.addEventListener("change", () => {
    const after = readings(day.value);
    if (before && after) follow(before, after);
    before = after ?? before;
  });
}
