// The texts of a long release come when somebody opens them, a whole item at a time. Until then, and wherever that fails, a
// link stands there that leads to the page of the item.

const pages = new Map();

const link = (more) => more.querySelector(":scope > .std-elsewhere a");

/** The page of its item, with what was searched for here marked there too. */
function addressFor(more) {
  const address = new URL(link(more).href);
  const words = new URLSearchParams(location.search).get("q");
  if (words) address.searchParams.set("q", words);
  address.hash = "";
  return address.href;
}

async function load(address) {
  const reply = await fetch(address);
  if (!reply.ok) throw new Error(`${address}: ${reply.status}`);
  return new DOMParser().parseFromString(await reply.text(), "text/html");
}

function pageOf(address) {
  if (!pages.has(address)) pages.set(address, load(address));
  return pages.get(address);
}

async function fill(event) {
  const more = event.target;
  if (!more.matches?.("details.std-more[open]") || !link(more)) return;
  const address = addressFor(more);
  more.ariaBusy = "true";
  try {
    const texts = (await pageOf(address)).querySelector(`#${CSS.escape(more.closest(".std-req").id)} .std-texts`);
    if (texts) link(more).parentElement.replaceWith(document.adoptNode(texts));
  } catch {
    pages.delete(address); // no connection: the next opening tries again
  }
  more.ariaBusy = null;
}

document.addEventListener("toggle", fill, { capture: true }); // it does not bubble
