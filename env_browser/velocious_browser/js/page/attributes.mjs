// Attributes of one element, made those of another.

/**
 * @param {Element} from
 * @param {Element} to
 * @param {(element: Element, name: string) => boolean} [stays]  an attribute of *to* that is left as it is
 */
export function copyAttributes(from, to, stays = () => false) {
  for (const { name } of [...to.attributes]) if (!from.hasAttribute(name) && !stays(to, name)) to.removeAttribute(name);
  for (const { name, value } of from.attributes) if (to.getAttribute(name) !== value && !stays(to, name)) to.setAttribute(name, value);
}
