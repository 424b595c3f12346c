/** Making elements: text is text, and nothing a peer sent can become markup or a style. */

const svgSpace = 'http://www.w3.org/2000/svg';

/**
 * An HTML element. `on` holds listeners; a property that is null or false is left out.
 *
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...any} children
 * @returns {HTMLElement}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) {
        element.addEventListener(event, listener);
      }
    } else setAttribute(element, name, value === true ? '' : value);
  }
  append(element, children);
  return element;
}

/**
 * An SVG element.
 *
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...any} children
 * @returns {SVGElement}
 */
export function s(tag, properties = {}, ...children) {
  const element = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(properties)) setAttribute(element, name, value);
  append(element, children);
  return element;
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`no element ${id}`);
  return element;
}

/** A style comes from the sheet, or from a property of `element.style`; the policy forbids others. */
function setAttribute(element, name, value) {
  if (name === 'style' || name.startsWith('on')) throw new Error(`no attribute ${name}`);
  element.setAttribute(name, String(value));
}

function append(element, children) {
  for (const child of children.flat(2)) {
    if (child !== undefined && child !== null && child !== false && child !== '') {
      element.append(child);
    }
  }
}
