// Keeps a page that is open true: when the server says that something is new, the page is fetched once more, and what
// differs takes its old place. Focus, open details and how far something is scrolled stay as they are.
"use strict";

const about = document.body.dataset.about;
const news = document.getElementById("news");
const gone = document.getElementById("gone");
let fetching = false;
let waiting = false;

async function refresh() {
  if (fetching) {
    waiting = true;
    return;
  }
  fetching = true;
  try {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    if (answer.ok) show(await answer.text());
  } catch {
    // The server has ended; the event stream says so.
  } finally {
    fetching = false;
  }
  if (waiting) {
    waiting = false;
    refresh();
  }
}

function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const anew = page.getElementById(old.id);
    if (anew) match(old, anew);
  }
}

// Gives a part of the page the children of its new form; a child that is the same is left alone.
function match(old, anew) {
  const wanted = [...anew.children];
  wanted.forEach((child, place) => {
    const there = old.children[place];
    if (there && there.id && there.id === child.id) {
      if (!there.isEqualNode(child)) swap(there, child);
    } else if (!there || !there.isEqualNode(child)) {
      old.insertBefore(document.adoptNode(child), there ?? null);
    }
  });
  while (old.children.length > wanted.length) old.lastElementChild.remove();
}

function swap(old, anew) {
  const open = [...old.querySelectorAll("details[open][id]")].map((one) => one.id);
  const scrolled = [...old.querySelectorAll("[id][tabindex]")].map((one) => [one.id, one.scrollLeft, one.scrollTop]);
  const focus = old.contains(document.activeElement) ? document.activeElement.id : null;
  old.replaceWith(document.adoptNode(anew));
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, left, top] of scrolled) document.getElementById(id)?.scrollTo(left, top);
  if (focus !== null) {
    const heading = anew.querySelector("h2, h3") ?? anew;
    const target = (focus && document.getElementById(focus)) || heading;
    if (target === heading) heading.tabIndex = -1;
    target.focus({ preventScroll: true });
  }
}

document.addEventListener("submit", async (event) => {
  if (!event.target.matches("form[data-in-place]")) return;
  event.preventDefault();
  const answer = await fetch(event.target.action, { method: "POST" });
  if (answer.ok) show(await answer.text());
});

const events = new EventSource("./events");
events.onopen = () => {
  if (!gone.hidden) refresh();
  gone.hidden = true;
};
events.onerror = () => {
  gone.hidden = false;
};
events.onmessage = (event) => {
  const { name, said } = JSON.parse(event.data);
  if (name && about && name !== about) return;
  if (said) news.textContent = said;
  refresh();
};
window.addEventListener("pagehide", () => events.close());
