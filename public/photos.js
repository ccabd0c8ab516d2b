// Photos for the doctor: taken or picked, made smaller here where the browser can, sent, shown, taken back, put back. Part of
// the report's script (`report.js`), on the check page and where a question asks for one.

/** Dots of the longer side of what is sent; the server keeps no more either. */
const SIDE = 2000;
const QUALITY = 0.85;
/** As the server says them (`POST …/photos`): what a photo may show. */
const ABOUT = ["body", "medicine", "document"];
/** What the server refuses, with a text of its own; whatever else is the line. */
const REFUSED = ["not_a_photo", "photo_damaged", "photo_too_large", "body_too_large", "too_many_photos", "session_ended"];

/** Smaller and upright, or the file as it is: the server does the same with it. */
async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const part = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * part));
    canvas.height = Math.max(1, Math.round(picture.height * part));
    const sheet = canvas.getContext("2d");
    sheet.fillStyle = "#fff";
    sheet.fillRect(0, 0, canvas.width, canvas.height);
    sheet.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return made ?? file;
  } catch {
    return file;
  }
}

/** The photos of a report. `make`, `button`, `word` are the report's; `changed` is told when there is one more or fewer. */
export class Photos {
  constructor({ call, word, make, button, about, changed }) {
    Object.assign(this, { call, word, make, button, changed });
    this.offered = about ? [about] : ABOUT;
    this.element = make("div", "photos", { role: "group" });
    /** Pictures by id: read once. */
    this.pictures = new Map();
    this.photos = [];
    this.told = "";
    /** The one taken back last: what it shows and the picture, to be put back. */
    this.removed = null;
    this.working = false;
  }

  /** Shows these photos. */
  async show(photos) {
    this.photos = photos ?? [];
    this.draw();
    for (const photo of this.photos.filter(({ id }) => !this.pictures.has(id))) {
      try {
        const picture = await (await this.call("GET", `/photos/${photo.id}`, undefined)).blob();
        this.pictures.set(photo.id, { picture, url: URL.createObjectURL(picture) });
        this.draw();
      } catch {
        // Its name stands there; the next look fetches it.
      }
    }
  }

  /** Forgets the pictures. */
  forget() {
    this.pictures.forEach(({ url }) => URL.revokeObjectURL(url));
    this.pictures.clear();
    this.removed = null;
  }

  draw() {
    const before = document.activeElement?.id;
    const { make, word, button } = this;
    this.element.setAttribute("aria-label", word("photos"));
    const rows = this.photos.map((photo) => {
      const name = word(`photo_${photo.about}`);
      const kept = this.pictures.get(photo.id);
      return make("li", "photos__one", {},
        kept ? make("img", "photos__picture", { src: kept.url, alt: name }) : make("span", "photos__picture", {}),
        make("span", "photos__name", { id: `photo-${photo.id}` }, name),
        button("button--small no-print", "photo_remove", () => this.remove(photo), { "aria-describedby": `photo-${photo.id}` }));
    });
    const ways = this.offered.map((about) => {
      const add = button("button--small", `photo_add_${about}`, () => this.pick(about), { id: `photo-add-${about}` });
      add.disabled = this.working;
      return add;
    });
    const back = this.removed && button("button--small button--quiet", "photo_put_back", () => this.send(this.removed.about, this.removed.picture));
    this.element.replaceChildren(...[
      rows.length ? make("ul", "photos__list", {}, ...rows) : null,
      make("div", "report__acts no-print", {}, ...ways, back),
      make("p", REFUSED.includes(this.told) || this.told === "photo_failed" ? "field-error" : "hint", { role: "status" }, this.told ? word(this.told) : ""),
    ].filter((one) => one !== null));
    if (before) this.element.querySelector(`#${CSS.escape(before)}`)?.focus();
  }

  /** Opens the browser's own way to take or pick one. */
  pick(about) {
    const field = this.make("input", "", { type: "file", accept: "image/*" });
    field.addEventListener("change", () => field.files[0] && this.send(about, field.files[0], true));
    field.click();
  }

  async send(about, file, isNew) {
    if (this.working) return;
    await this.during("photo_sending", "photo_added", async () => {
      const body = isNew ? await smaller(file) : file;
      await this.call("POST", `/photos?about=${about}`, body);
      this.removed = null;
    });
  }

  async remove(photo) {
    if (this.working) return;
    await this.during("photo_removing", "photo_removed", async () => {
      await this.call("DELETE", `/photos/${photo.id}`, undefined);
      const kept = this.pictures.get(photo.id);
      this.removed = kept ? { about: photo.about, picture: kept.picture } : null;
      if (kept) URL.revokeObjectURL(kept.url);
      this.pictures.delete(photo.id);
    });
  }

  /** Does something and says how it went. */
  async during(doing, done, work) {
    this.working = true;
    this.told = doing;
    this.draw();
    try {
      await work();
      this.told = done;
    } catch (code) {
      this.told = REFUSED.includes(code) ? code : "photo_failed";
    }
    this.working = false;
    this.draw();
    await this.changed();
  }
}
