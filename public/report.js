// Check your answers: the whole report in plain words, each line to be changed or struck out; then sent, once, and shown at the
// desk. Fetched when a history was taken; every call to the server is the page's (`app/src/screens/report.rs`).

import { Photos } from "./photos.js";

// Put here by the build: the texts of locales/*.json whose keys begin with `check.`, by language.
const WORDS = {};

/** Sections in the order of the record; their headings are the texts of the same keys. */
const SECTIONS = [
  "present_illness", "past_history", "medicines", "allergies", "family", "personal",
  "menstrual_obstetric", "vaccination", "vital_signs", "wishes", "told",
];
const ANYTHING_ELSE = "aside:anything_else";

/** The place on the page and what the page gave for it: `root`, `call`, `send`, `leave`. */
let here = null;
/** The report as read last. */
let report = null;
/** Key of the text told of the last attempt, if any. */
let told = "";
let sending = false;
/** Sent already, and opened again to be set right. */
let reopened = false;
/** The photos on the check page, or where a question asks for some. */
let photos = null;
/** The finding whose choices are open. */
let open = "";

const language = () => document.documentElement.lang.slice(0, 2);
const word = (key, values = {}) =>
  Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), WORDS[language()]?.[key] ?? key);
const said = (text) => text?.[language()] ?? text?.en ?? "";

function make(name, className, attributes = {}, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

function button(className, key, act, attributes = {}) {
  const element = make("button", `button ${className}`, { type: "button", ...attributes }, word(key));
  element.addEventListener("click", act);
  return element;
}

const heading = (key) => make("h1", "report__title", { id: "heading", tabindex: "-1" }, word(key));
const isOpen = (line) => line.status === "not_asked" || line.status === "unknown";
/** Asks a question again; the talk comes back to this screen by itself. */
const ask = (question) => here.send(JSON.stringify({ change: question }));

/** The finding or question that sets a line right, said as it is. */
function change(line, describes) {
  if (!line.change) return [];
  const { question, finding } = line.change;
  if (question) return [button("button--small", line.status === "not_asked" ? "answer" : "change", () => ask(question), describes)];
  const expanded = open === line.id;
  const toggle = button("button--small", "change", () => {
    open = expanded ? "" : line.id;
    draw(`change-${line.id}`);
  }, { ...describes, "aria-expanded": expanded, id: `change-${line.id}` });
  if (!expanded) return [toggle];
  const choices = [["yes", true], ["no", false], ["unknown", undefined]].map(([key, present]) =>
    button("button--small", key, () => {
      open = "";
      here.send(JSON.stringify({ correct: { finding, present } }));
    }, describes),
  );
  return [toggle, make("div", "report__choices", { role: "group", "aria-labelledby": `line-${line.id}` }, ...choices)];
}

function drawn(line) {
  const describes = { "aria-describedby": `line-${line.id}` };
  const strike = (struck, key) =>
    button("button--small button--quiet", key, () => here.send(JSON.stringify({ [struck ? "strike" : "restore"]: line.id })), describes);
  const acts = [];
  if (line.section !== "told" || line.change) {
    if (line.struck) acts.push(strike(false, "put_back"));
    else {
      acts.push(...change(line, describes));
      if (line.status !== "not_asked") acts.push(strike(true, "strike"));
    }
  }
  // Words that stand in the sentence already are not said twice.
  const quotes = (line.quotes ?? []).filter(({ words }) => !Object.values(line.text).some((text) => text.includes(words)));
  return make("li", `report__line${line.struck ? " report__line--struck" : ""}`, {},
    make("p", "report__text", { id: `line-${line.id}` }, said(line.text)),
    ...quotes.map(({ words }) => make("q", "report__quote", {}, words)),
    line.contradicts ? make("p", "report__both", {}, word("both")) : null,
    acts.length ? make("div", "report__acts no-print", {}, ...acts) : null,
  );
}

function section(key, children) {
  return make("section", "report__section", {}, make("h2", "report__heading", {}, word(key)), ...children);
}

const list = (lines, each) => make("ul", "report__lines", {}, ...lines.map(each));
const fold = (title, ...children) => make("details", "fold", {}, make("summary", "fold__title", {}, title), ...children);

/** What was denied stands together: it is much, and seldom wrong. */
function sections(lines, each, together) {
  return SECTIONS.flatMap((key) => {
    const own = lines.filter((line) => line.section === key);
    const denied = own.filter((line) => together && line.status === "denied" && line.change?.finding && !line.struck);
    const others = own.filter((line) => !denied.includes(line));
    const parts = others.length ? [list(others, each)] : [];
    if (denied.length) parts.push(fold(word("denied", { count: denied.length }), list(denied, each)));
    return parts.length ? [section(key, parts)] : [];
  });
}

function chief() {
  return make("section", "report__chief", {},
    make("h2", "report__heading", {}, word("chief")),
    make("p", "report__chief-words", {}, said(report.chief_complaint)),
  );
}

function draft() {
  const left = report.lines.filter(isOpen);
  const differences = report.differences ?? [];
  const side = (name, text) => (text ? make(name, "report__side", {}, said(text)) : null);
  const send = button("button--primary", differences.length ? "send_again" : "send", submit);
  send.disabled = sending;
  return [
    heading("title"),
    make("p", "sheet__lead", {}, word("lead")),
    chief(),
    ...sections(report.lines.filter((line) => !isOpen(line)), drawn, true),
    left.length ? fold(word("open", { count: left.length }), list(left, drawn)) : null,
    section("photos", [make("p", "hint no-print", {}, word("photos_hint")), photos.element]),
    make("p", "no-print", {}, button("", "add", () => ask(ANYTHING_ELSE))),
    differences.length
      ? section("differences", [make("ul", "report__lines", {}, ...differences.map((one) =>
        make("li", "report__line", {}, side("del", one.before), side("ins", one.after))))])
      : null,
    make("section", "report__submit no-print", {},
      make("p", "", {}, word("what_sending_does")),
      make("p", "field-error", { role: "alert" }, told ? word(told) : ""),
      send),
  ];
}

function qr({ size, path }) {
  const drawing = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const svg = drawing("svg", { class: "report__qr", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": word("qr") });
  svg.append(drawing("path", { d: path }));
  return svg;
}

function sent(submitted) {
  const until = new Date(submitted.code_expires_at).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
  const saved = make("p", "hint", { role: "status" });
  return [
    heading("sent"),
    make("p", "sheet__lead", {}, word("sent_lead")),
    make("section", "report__code", {},
      make("h2", "report__heading", {}, word("code")),
      make("p", "receipt-code", {}, submitted.code),
      submitted.qr ? qr(submitted.qr) : null,
      make("p", "hint", {}, word("until", { date: until }))),
    make("div", "actions no-print", {},
      button("", "pdf", () => takeAway(`/report.pdf?language=${language()}`, "report.pdf", saved)),
      button("", "print", () => window.print()),
      button("", "save", () => takeAway("/report", "report.json", saved)),
      button("", "fhir", () => takeAway("/report.fhir.json", "report.fhir.json", saved)),
      button("button--quiet", "correct", () => {
        reopened = true;
        draw("heading");
      }),
      button("button--quiet", "leave", () => {
        // What belongs to this visit is not kept for who comes next.
        photos.forget();
        report = null;
        here.leave();
      })),
    saved,
    // On paper the report itself, not only its code.
    make("div", "print-only", {}, chief(),
      ...sections(report.lines.filter((line) => !line.struck), (line) => make("li", "report__line", {}, said(line.text))),
      report.photos?.length ? section("photos", [photos.element]) : ""),
    make("p", "hint", {}, word("not_a_diagnosis")),
  ];
}

/** Puts what is so now on the screen, and the focus on `focus` if it is named, else back where it was. */
function draw(focus) {
  if (!here) return;
  const before = focus ?? document.activeElement?.id;
  const unfolded = [...here.root.querySelectorAll("details")].map((one) => one.open);
  const views = report === null ? [make("p", "hint", { role: "status" }, word(told || "loading"))]
    : report.submitted && !reopened ? sent(report.submitted) : draft();
  if (report === null && told) views.push(button("", "try_again", refresh));
  here.root.replaceChildren(...views.filter((view) => view !== null));
  here.root.querySelectorAll("details").forEach((one, place) => (one.open = unfolded[place] ?? false));
  if (before) here.root.querySelector(`#${CSS.escape(before)}`)?.focus();
}

/** Reads the report again; a line that is down takes nothing from the screen. */
async function refresh() {
  try {
    report = await (await here.call("GET", "/report", undefined)).json();
    if (report === null || told === "failed") told = "";
    photos?.show(report.photos);
  } catch {
    if (report === null) told = "failed";
  }
  draw();
}

async function submit() {
  if (sending) return;
  sending = true;
  told = "";
  draw();
  try {
    const answer = await here.call("POST", "/report/submit", JSON.stringify({ seq: report.seq }));
    const submitted = await answer.json();
    report.submitted = submitted;
    reopened = false;
    sending = false;
    draw("heading");
  } catch (code) {
    sending = false;
    // An answer cut off in the middle is no code either.
    told = code === "offline" || typeof code !== "string" ? "offline" : "changed";
    if (told === "changed") await refresh();
    else draw();
  }
}

/** Saves what the server answers as a file of the patient's device, and says how it went. */
async function takeAway(path, name, saved) {
  saved.textContent = word("fetching");
  try {
    const answer = await here.call("GET", path, undefined);
    const link = make("a", "", { download: name });
    link.href = URL.createObjectURL(await answer.blob());
    link.click();
    // Some browsers read it after the click.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    saved.textContent = word("saved");
  } catch {
    saved.textContent = word("not_saved");
  }
}

/** Shows the report in an element; `call` answers a call below the session, `send` takes a turn's input as JSON. */
function show(root, call, send, leave) {
  here = { root, call, send, leave };
  report = null;
  told = open = "";
  reopened = sending = false;
  photos?.forget();
  photos = new Photos({ call, word, make, button, changed: refresh });
  draw();
}

/** Shows the photos where a question asks for them; which kind, its id says. */
function ask_for(root, call, question) {
  const about = question.split("_").pop();
  photos?.forget();
  photos = new Photos({ call, word, make, button, about, changed: read });
  const asked = photos;
  async function read() {
    try {
      asked.show((await (await call("GET", "/report", undefined)).json()).photos);
    } catch {
      // What is there is shown again with the report.
    }
  }
  asked.draw();
  root.replaceChildren(asked.element);
  read();
}

new MutationObserver(() => {
  photos?.draw();
  draw();
}).observe(document.documentElement, { attributeFilter: ["lang"] });
window.anteroomReport = { show, refresh, photos: ask_for };
