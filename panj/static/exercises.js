// Answers checked in the page: the options of a question become buttons, a number gets a yes or a no and why.
(() => {
  // Every way a reader may mean a number: 15 · 15,0 · 15 % · 1,357 km · 1 357. A comma or point before three digits can be either.
  const meant = (typed) => {
    const text = typed.replace(/[\s\u00a0\u202f']/g, "").replace("\u2212", "-").replace(/(%|percent|[a-z]+)$/i, "");
    if (!/^[+-]?\d[\d.,]*$/.test(text)) return [];
    const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
    const digits = (part) => part.replace(/[.,]/g, "");
    const found = [last < 0 ? Number(text) : Number(`${digits(text.slice(0, last))}.${text.slice(last + 1)}`)];
    if (/^[+-]?\d{1,3}([.,]\d{3})+$/.test(text)) found.push(Number(digits(text)));
    return found;
  };

  for (const form of document.querySelectorAll(".panj-try")) {
    const { answer, tolerance, slips } = JSON.parse(form.dataset.key);
    const says = form.querySelector("output");
    const near = (value, wanted) => Math.abs(value - wanted) <= tolerance * (1 + 1e-9);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = meant(form.querySelector("input").value);
      const slip = slips.find(({ value }) => values.some((typed) => near(typed, value)));
      const right = values.some((value) => near(value, answer));
      form.dataset.verdict = right ? "yes" : "no";
      if (right) says.textContent = `Yes: it lies within ${tolerance} of the model answer.`;
      else if (!values.length) says.textContent = "Write one number, such as 15 or 15,0 or 15 %.";
      else if (slip) says.textContent = `No. ${slip.feedback}`;
      else if (values.some((value) => near(value * 100, answer) || near(value / 100, answer))) says.textContent = "No: off by a factor of a hundred. Per cent, or a fraction?";
      else says.textContent = "No. Look at a hint, or at the base and the unit.";
    });
  }

  for (const question of document.querySelectorAll(".panj-quiz:has(.panj-options)")) {
    const list = question.querySelector(".panj-options");
    const asked = question.querySelector("p");
    asked.id = `${question.id}-asked`;
    const reasons = question.querySelectorAll(".panj-reasons > li");
    const form = document.createElement("form");
    const group = document.createElement("div");
    group.role = "radiogroup";
    group.setAttribute("aria-labelledby", asked.id);
    [...list.children].forEach((option, n) => {
      const label = document.createElement("label");
      const button = Object.assign(document.createElement("input"), { type: "radio", name: question.id, value: n });
      const words = document.createElement("span");
      words.append(`${"ABCDEFGH"[n]}. `, ...(option.querySelector("p") ?? option).childNodes);
      label.append(button, words);
      group.append(label);
    });
    const check = Object.assign(document.createElement("button"), { type: "submit", textContent: "Check" });
    const says = document.createElement("output");
    says.role = "status";
    form.append(group, check, says);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = form.querySelector("input:checked");
      const reason = reasons[chosen?.value];
      form.dataset.verdict = reason && "right" in reason.dataset ? "yes" : "no";
      says.textContent = reason ? reason.textContent.trim().replace(/^Right\./, "Yes.").replace(/^Wrong\./, "No.") : "Choose an answer first.";
    });
    list.replaceWith(form);
  }
})();
