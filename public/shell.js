// Chooses the language of the static shell before the page itself runs: the address, else the browser, else Chinese.
(() => {
  const asked = new URLSearchParams(location.search).get("lang");
  const wanted = [asked, ...(navigator.languages || [navigator.language])];
  const known = { zh: "zh-CN", en: "en" };
  for (const one of wanted) {
    const tag = known[String(one || "").toLowerCase().split(/[-_]/)[0]];
    if (tag) {
      document.documentElement.lang = tag;
      break;
    }
  }
})();
