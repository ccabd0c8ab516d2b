// The devices: the microphone, the browser's own speech recognition, and reading aloud. What to do with them is decided in
// `speaking.js`; here they are held, and let go of whatever happens. Nothing is kept: a recording is handed over and forgotten.

const LONGEST = 60; // seconds
const SHORTEST = 0.5; // seconds
const LARGEST = 5 * 1024 * 1024 - 65536; // bytes: the server takes 5 MiB, and the last piece has yet to come
const TICK = 100; // milliseconds between two looks at the level and the clock
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

/** What is under way: `finish(why)` keeps what was said, `cancel()` throws it away. */
let current = null;

function begin(run) {
  current?.cancel();
  hush();
  current = run;
}

/** What went wrong, by the name the browser gives it. */
const CODES = {
  NotAllowedError: "refused", SecurityError: "refused", "not-allowed": "refused",
  NotFoundError: "no_microphone", OverconstrainedError: "no_microphone", "audio-capture": "no_microphone",
  NotReadableError: "in_use", AbortError: "in_use", network: "offline", "no-speech": "nothing_heard",
};

/** Whether the page around this one keeps the microphone from it; then the patient can change nothing. */
const isBlocked = () => (document.permissionsPolicy ?? document.featurePolicy)?.allowsFeature?.("microphone") === false;
const codeOf = (name) => (isBlocked() ? "blocked" : (CODES[name] ?? "unsupported"));

/** The clock of a recording: draws itself, ends at the limit and when the page is hidden. */
function clock(timer, finish, look) {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const draw = () => {
    const whole = Math.min(LONGEST, Math.floor(seconds()));
    timer.textContent = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")} / 1:00`;
    look?.();
    if (seconds() >= LONGEST) finish("limit");
    // Its composer has left the screen: nobody is recorded unseen.
    else if (!timer.isConnected) finish("hidden");
  };
  const hide = () => document.hidden && finish("hidden");
  const beat = setInterval(draw, TICK);
  document.addEventListener("visibilitychange", hide);
  draw();
  const stop = () => {
    clearInterval(beat);
    document.removeEventListener("visibilitychange", hide);
  };
  return { seconds, stop };
}

/** Draws the loudness, 0 to 10: from a quiet room to a loud voice, 50 dB. */
function meterOf(context, stream, meter) {
  const ear = context.createAnalyser();
  // Longer than a tick at 48 kHz, so that no sound falls between two looks.
  ear.fftSize = 8192;
  const samples = new Float32Array(ear.fftSize);
  context.createMediaStreamSource(stream).connect(ear);
  return () => {
    ear.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
    const level = Math.round((10 * Math.log10(power + 1e-9) + 60) / 5);
    meter.style.setProperty("--level", Math.max(0, Math.min(10, level)));
  };
}

/**
 * Records. `tell(what, value, why)` is called with "started", then with "ended", the recording and why it ended ("done",
 * "limit", "hidden", "lost"), or with "failed" and a code.
 */
export async function record(tell, meter, timer) {
  const pieces = [];
  let stream, context, recorder, time, reason, length;
  let over = false;
  let size = 0;
  const release = () => {
    time?.stop();
    stream?.getTracks().forEach((track) => track.stop());
    context?.close().catch(() => {});
    meter.style.setProperty("--level", 0);
    if (current === run) current = null;
  };
  const run = {
    cancel: () => (over = true) && release(),
    finish(why) {
      if (reason || !time) return;
      reason = why;
      length = time.seconds();
      if (recorder.state !== "inactive") recorder.stop();
      release();
    },
  };
  const take = ({ data }) => {
    if (data.size) pieces.push(data);
    size += data.size;
    if (size > LARGEST) run.finish("limit");
  };
  // It also stops by itself, when the microphone is pulled out.
  const give = () => {
    if (over) return;
    run.finish("lost");
    if (length < SHORTEST) tell("failed", "too_short");
    else tell("ended", new Blob(pieces, { type: recorder.mimeType || pieces[0]?.type }), reason);
  };
  begin(run);
  if (isBlocked()) return run.cancel(), tell("failed", "blocked");
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    // Cancelled while the browser asked.
    if (over) return release();
    recorder = new MediaRecorder(stream, { mimeType: KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)), audioBitsPerSecond: 32000 });
    Object.assign(recorder, { ondataavailable: take, onstop: give });
    recorder.start(1000);
  } catch (error) {
    release();
    if (!over) tell("failed", codeOf(error.name));
    return;
  }
  let look;
  try {
    context = new AudioContext();
    look = meterOf(context, stream, meter);
  } catch {
    // Without a meter it still records.
  }
  time = clock(timer, run.finish, look);
  tell("started");
}

/** Lets the browser itself recognise. As `record`, but "ended" brings the text, and "partial" tells the words so far. */
export function recognise(tell, tag, timer) {
  const ear = new (window.SpeechRecognition ?? window.webkitSpeechRecognition)();
  let time;
  let over = false;
  let [words, reason, failure] = ["", "done", "nothing_heard"];
  const run = {
    cancel: () => (over = true) && ear.abort(),
    finish(why) {
      reason = why;
      ear.stop();
    },
  };
  const listen = {
    lang: tag,
    continuous: true,
    interimResults: true,
    onstart() {
      time = clock(timer, run.finish);
      tell("started");
    },
    onresult({ results }) {
      const gap = tag.startsWith("zh") ? "" : " ";
      words = [...results].map((one) => one[0].transcript.trim()).join(gap);
      if (!over) tell("partial", words);
    },
    onerror({ error }) {
      failure = codeOf(error);
    },
    onend() {
      time?.stop();
      if (current === run) current = null;
      if (over) return;
      if (words) tell("ended", words, reason);
      else tell("failed", failure);
    },
  };
  begin(run);
  try {
    Object.assign(ear, listen).start();
  } catch {
    tell("failed", "unsupported");
  }
}

/** What is being read aloud. The utterance is held, or a browser may forget it before its end. */
let reading = null;

/** Reads a text aloud in a language; `ended` is called once, however it ends. */
export function speak(text, tag, ended) {
  hush();
  const utterance = Object.assign(new SpeechSynthesisUtterance(text), { lang: tag });
  const mine = { utterance, ended };
  utterance.onend = utterance.onerror = () => reading === mine && hush();
  reading = mine;
  speechSynthesis.speak(utterance);
}

export function hush() {
  const was = reading;
  reading = null;
  if (was) speechSynthesis.cancel();
  was?.ended();
}

export const cancel = () => current?.cancel();
export const finish = () => current?.finish("done");

addEventListener("pagehide", () => {
  cancel();
  hush();
});
