/** Elements are made once and then kept up to date, so that focus, scrolling and what a screen reader has read stay where they are. */

const SVG = "http://www.w3.org/2000/svg";

export const part = (id) => document.getElementById(id);

/** @param children elements or texts */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

export function drawn(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(made, attributes, children) {
  attribute(made, attributes);
  made.append(...children);
  return made;
}

/** An attribute that is undefined or false is taken away. Nothing is written that is so already. */
export function attribute(of, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) of.removeAttribute(name);
    else if (of.getAttribute(name) !== String(value)) of.setAttribute(name, value);
  }
}

export function write(to, text) {
  if (to.textContent !== text) to.textContent = text;
}

/**
 * One child for each item, in the items' order. A child stays the same element for as long as its key exists.
 *
 * @param make item → element, which may have a function `update(item)`
 */
export function keep(parent, items, key, make) {
  const present = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const kept = new Set(items.map((item) => String(key(item))));
  for (const [name, child] of present) if (!kept.has(name)) takeAway(child);
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    const child = present.get(name) ?? make(item);
    child.dataset.key = name;
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
    child.update?.(item);
  }
}

/** Focus of what is taken away moves to what was around it, not to the beginning of the page. */
function takeAway(child) {
  const around = child.parentElement.closest("[tabindex]");
  if (child.contains(document.activeElement)) around?.focus({ preventScroll: true });
  child.remove();
}
