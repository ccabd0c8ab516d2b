// Speaking instead of typing: from the press of the button to words in the composer. Fetched when the microphone or reading
// aloud is first pressed; the button itself, and every call to the server, are the page's (`app/src/components/voice.rs`).
// Nothing is sent by itself but the recording, to be made into words, and that only with a consent of its own.
import { cancel, finish, hush, recognise, record, speak } from "./voice.js";

// Put here by the build: the texts of locales/*.json whose keys begin with `voice.`, by language.
const WORDS = {};

const PROVIDER = "speech_provider"; // the consents, by who makes words of speech
const BROWSER = "browser_speech";
const HOLD = 350; // milliseconds from which a press is a hold, which ends when it is let go
const FINAL = ["nothing_heard", "not_audio", "body_too_large"]; // sending the same recording again would not help

/** How far it is: `idle`, `opening`, `recording` or `understanding`. */
let stage = "idle";
/** Keys of the texts told below the composer. */
let told = [];
/** A recording not yet made into words. */
let kept = null;
/** Whether the browser recognises although there is a provider. */
let own = false;
/** What the server says of the application and of the consents given; asked anew for each composer. */
let known = null;
/** Counts what was begun: what belongs to something earlier is ignored. */
let serial = 0;
/** The composer on the screen: its elements, and what the page gave for it. */
let here = null;

const language = () => document.documentElement.lang.slice(0, 2);
const tag = () => (language() === "en" ? "en-GB" : document.documentElement.lang);
/** A text by its key. A code of the server that has none has gone wrong in a way of its own. */
const word = (key) => WORDS[language()]?.[key] ?? WORDS[language()]?.failed ?? key;
const text = (key) => known?.application.consents.find((one) => one.purpose === key);
const byBrowser = () => Boolean(text(BROWSER) && (window.SpeechRecognition ?? window.webkitSpeechRecognition));

function make(name, className, attributes = {}, ...children) {
  const element = document.createElement(name);
  element.className = className;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A button whose word follows the language. */
function button(className, key, act) {
  const element = make("button", `button ${className}`, { type: "button", "data-word": key });
  element.addEventListener("click", act);
  return element;
}

/** Draws what is so now. */
function draw() {
  if (!here) return;
  const recording = stage === "recording";
  const busy = stage === "opening" || stage === "understanding";
  here.microphone.setAttribute("aria-pressed", recording);
  here.box.classList.toggle("composer__box--live", recording);
  for (const one of [here.live, here.drop, here.done]) one.hidden = !recording;
  for (const one of [here.field, here.send]) one.hidden = recording;
  for (const one of [here.dots, here.stop]) one.hidden = !busy;
  here.told.classList.toggle("voice-told--filled", busy || told.length > 0);
  here.again.hidden = !told.includes("kept");
  const helps = ["kept", "speech_unavailable", "unsupported"].some((key) => told.includes(key));
  here.own.hidden = !helps || own || !byBrowser();
  for (const one of here.form.querySelectorAll("[data-word]")) one.textContent = word(one.dataset.word);
  // A text that stays is not told twice.
  const texts = told.map(word);
  if (texts.join("\n") !== here.texts) here.says.replaceChildren(...texts.map((one) => make("p", "", {}, one)));
  here.texts = texts.join("\n");
}

function show(next, ...keys) {
  stage = next;
  told = keys;
  draw();
}

/** Moves the focus to the microphone if it went away with what had it. */
function keepFocus() {
  if (document.activeElement === document.body) here.microphone.focus();
}

/** Throws away what is under way, and a recording that was kept. */
function drop() {
  serial += 1;
  cancel();
  kept = null;
  show("idle");
  if (here) keepFocus();
}

/** Records, or with `again` sends what was recorded; asks for the consent first, unless it was given and is not in `doubt`. */
async function begin(again, doubt) {
  const mine = (serial += 1);
  show("opening");
  let purpose, may;
  try {
    if (doubt) known = null;
    known ??= await learn();
    purpose = own || !known.application.voice || !text(PROVIDER) ? BROWSER : PROVIDER;
    may = mine === serial && ((known.consents.includes(purpose) && !doubt) || (await ask(purpose)));
  } catch (code) {
    if (mine === serial) fail(code);
    return;
  }
  if (mine !== serial) return;
  if (!may) show("idle", "declined");
  else if (again && kept) understand([]);
  else listen(purpose);
}

async function learn() {
  const id = location.pathname.split("/")[2];
  const answers = await Promise.all([here.call("GET", ""), here.call("GET", `/api/v1/applications/${id}`)]);
  const [state, application] = await Promise.all(answers.map((one) => one.json()));
  return { application, consents: state.consents, subject: state.profile.subject };
}

/** Asks for a consent with its very text, and tells the server. Answers whether it was given. */
async function ask(purpose) {
  const consent = text(purpose);
  if (!consent) throw "unsupported";
  const shown = language();
  const yes = button("button--primary", "agree", () => dialog.close("yes"));
  const no = button("button--quiet", "not_now", () => dialog.close());
  const dialog = make("dialog", "dialog", { "aria-labelledby": "voice-title" },
    make("h2", "dialog__title", { id: "voice-title", "data-word": "consent_title" }),
    make("p", "", {}, consent.text[shown] ?? ""),
    make("div", "actions", {}, yes, no));
  here.form.append(dialog);
  draw();
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve));
  dialog.remove();
  if (dialog.returnValue !== "yes") return false;
  const by = { child: "guardian", other: "with_knowledge" }[known.subject] ?? "patient";
  const given = { purpose, version: consent.version, language: shown, sha256: consent.sha256[shown], by };
  await here.call("PUT", `/consents/${purpose}`, JSON.stringify({ given: true, consent: given }));
  known.consents.push(purpose);
  return true;
}

function listen(purpose) {
  const mine = serial;
  const tell = (what, value, why) => mine === serial && hear(what, value, why);
  kept = null;
  here.partial.textContent = "";
  show("opening", "opening");
  here.meter.hidden = purpose !== PROVIDER;
  if (purpose === PROVIDER) record(tell, here.meter, here.timer);
  else recognise(tell, tag(), here.timer);
}

/** Takes what the devices tell. */
function hear(what, value, why) {
  if (what === "started") {
    show("recording", "listening");
    here.microphone.focus();
  } else if (what === "partial") {
    here.partial.textContent = value;
  } else if (what === "ended") {
    // Why it ended is told unless the patient ended it.
    const notes = why === "done" ? [] : [why];
    if (typeof value === "string") return land(value, notes);
    kept = value;
    understand(notes);
  } else {
    fail(value);
  }
}

function fail(code, ...more) {
  show("idle", typeof code === "string" ? code : "failed", ...more);
  keepFocus();
}

/** Has the recording made into words; it is kept until they are there, or cannot be. */
async function understand(notes) {
  const mine = (serial += 1);
  show("understanding", ...notes, "understanding");
  let failure;
  try {
    const answer = await here.call("POST", `/speech?language=${language()}`, kept);
    const heard = (await answer.json()).text.trim();
    if (mine === serial && heard) return land(heard, notes);
    failure = "nothing_heard";
  } catch (code) {
    // An answer cut off in the middle is no code.
    failure = typeof code === "string" ? code : "offline";
  }
  if (mine !== serial) return;
  // Withdrawn elsewhere, or its text is another now: asked anew, then sent.
  if (failure === "consent_missing") return begin(true, true);
  if (FINAL.includes(failure)) {
    kept = null;
    fail(failure);
  } else fail(failure, "kept");
}

/** Puts the words behind what was typed before. They are sent when the patient sends them. */
function land(heard, notes) {
  kept = null;
  const before = here.field.value;
  const gap = language() === "zh" ? ",:。!?;、" : "";
  const joined = !before || /\s$/.test(before) || gap.includes(before.at(-1));
  here.land((joined ? "" : gap ? "," : " ") + heard);
  show("idle", ...notes, "check");
  here.field.focus();
}

/** Gives the button and its composer what they do. With `press` the button was pressed just now. */
function attach(microphone, call, give, press) {
  const form = microphone.closest("form");
  if (!form) return;
  // What was being opened for an earlier composer has left the screen with it.
  if (stage === "opening") drop();
  const find = (selector) => form.querySelector(selector);
  const timer = make("span", "voice__timer", { role: "timer" });
  const meter = make("span", "voice__meter", { "aria-hidden": "true" });
  const partial = make("span", "voice__words");
  const dots = make("span", "working__dots", { "aria-hidden": "true" }, make("i"), make("i"), make("i"));
  here = {
    form, microphone, call, land: give, timer, meter, partial, dots, texts: "",
    box: find(".composer__box"), field: find("textarea"), send: find("[type=submit]"),
    live: make("div", "voice", {}, meter, timer, partial),
    says: make("div", "voice-told__words", { role: "status" }),
    drop: button("button--quiet", "cancel", drop),
    stop: button("button--quiet button--small", "cancel", drop),
    done: button("button--primary", "done", finish),
    again: button("button--small", "again", () => begin(true)),
    own: button("button--small", "use_browser", () => {
      own = true;
      begin(false);
    }),
  };
  known = null;
  microphone.before(here.live, here.drop);
  here.box.append(here.done);
  here.told = make("div", "voice-told", {}, dots, here.says, here.stop, here.again, here.own);
  here.box.before(here.told);
  // What was told belongs to the words; when they are sent it goes, unless a recording still waits.
  const sent = () => setTimeout(() => stage === "idle" && !kept && !here.field.value && show("idle"));
  form.addEventListener("submit", sent);
  form.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") sent();
    if (key === "Escape" && stage !== "idle" && !find("dialog")) drop();
  });
  listenTo(microphone, press);
  draw();
  if (press) begin(false);
}

/** A tap begins and the next one ends; a hold ends when it is let go; a key presses the button as a tap does. */
function listenTo(microphone, press) {
  let [began, down, up] = [press, performance.now(), 0];
  const done = () => stage === "recording" && finish();
  const release = ({ timeStamp }) => {
    up = timeStamp;
    if (!began || timeStamp - down > HOLD) done();
  };
  // Wherever it is let go: the button may have moved from below the finger.
  const awaitRelease = () => {
    const once = new AbortController();
    const end = (event) => once.abort() ?? release(event);
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, end, once);
  };
  if (press && microphone.matches(":active")) awaitRelease();
  microphone.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    [began, down] = [stage === "idle", event.timeStamp];
    awaitRelease();
    if (began) begin(false);
  });
  microphone.addEventListener("contextmenu", (event) => event.preventDefault());
  microphone.addEventListener("click", ({ timeStamp }) => {
    // The click that a finger's press ends with is done already.
    if (timeStamp - up < HOLD) return;
    if (stage === "idle") begin(false);
    else done();
  });
}

/** The button whose text is being read. */
let reader = null;

/** Reads a text aloud, or stops if this button began it. */
function read(pressed, lines) {
  const stops = reader === pressed;
  hush();
  if (stops) return;
  reader = pressed;
  pressed.setAttribute("aria-pressed", true);
  // What has left the screen is not read on.
  const watch = setInterval(() => pressed.isConnected || hush(), 250);
  speak(lines, tag(), () => {
    clearInterval(watch);
    pressed.setAttribute("aria-pressed", false);
    reader = null;
  });
}

/** The visit is over on this page. */
function forget() {
  drop();
  hush();
  known = null;
  own = false;
}

new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["lang"] });
window.anteroomVoice = { attach, read, forget };
