// Tables sort by a click on a heading, and the search field hides the rows of students without those words.
const read = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
const compare = (a, b) => (isNaN(a) || isNaN(b) ? a.localeCompare(b, undefined, { numeric: true }) : a - b);
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      const rows = [...table.tBodies[0].rows];
      table.tBodies[0].append(...rows.sort((a, b) => sign * compare(read(a, column), read(b, column))));
    });
  });
}
const search = document.querySelector("#search");
if (search) {
  search.closest("p").hidden = false;
  search.addEventListener("input", () => {
    for (const row of document.querySelectorAll("#students tbody tr"))
      row.hidden = !row.textContent.toLowerCase().includes(search.value.trim().toLowerCase());
  });
}
