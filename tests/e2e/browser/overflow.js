// What sticks out or is squeezed, in each of the fonts. A font that the machine does not have is a finding too: a text
// in it is as wide as in whatever stands in for it.
const called = (element) => `${element.localName}.${element.className}: ${element.textContent.trim().slice(0, 40)}`;
// A table is moved in its box, so what sticks out of a cell in there stands over the next one.
const clipped = (element) => element && !element.matches('.table-box')
  && (getComputedStyle(element).overflowX !== 'visible' || clipped(element.parentElement));
// Words that may break anywhere never stick out. They end as a column of letters instead.
const squeezed = (element) => {
  const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim().length > 5);
  if (!own || clipped(element)) return false;
  const size = parseFloat(getComputedStyle(element).fontSize);
  const { width, height } = element.getBoundingClientRect();
  return width > 1 && width < 3 * size && height > 4 * size;
};
// A menu stands under its button, and all of it can be reached.
const astray = (menu) => {
  const it = menu.getBoundingClientRect();
  const by = document.querySelector(`[popovertarget=${menu.id}]`).getBoundingClientRect();
  return it.left < 0 || it.right > innerWidth || it.bottom > innerHeight + 1
    || it.top < by.bottom || it.top > by.bottom + 16 || it.right < by.left || it.left > by.right;
};
const look = () => {
  const shown = [...document.querySelectorAll('body *')].filter((element) => element.checkVisibility());
  const root = document.scrollingElement;
  const wide = root.scrollWidth <= innerWidth ? [] : [`${root.scrollWidth} px in ${innerWidth}`, ...shown
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(called)];
  // A list to choose from cuts its words itself, and some browsers say how wide they would be.
  const out = shown.filter((element) => element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1
    && !clipped(element) && !element.matches('.table-box, select') && !(element instanceof SVGElement));
  return [
    ...wide,
    ...[...document.querySelectorAll('.menu:popover-open')].filter(astray).map((menu) => `astray: ${called(menu)}`),
    ...out.map((element) => `${element.scrollWidth} px stick out of ${element.clientWidth}: ${called(element)}`),
    ...shown.filter(squeezed).map((element) => `squeezed: ${called(element)}`),
  ];
};
const pen = document.createElement('canvas').getContext('2d');
const width = (font, instead) => {
  pen.font = `40px "${font}", ${instead}`;
  return pen.measureText('Milliwatt 0123').width;
};
const before = document.adoptedStyleSheets;
const found = [];
for (const font of arguments[0]) {
  if (width(font, 'serif') !== width(font, 'monospace')) found.push(`${font}: is not installed, cargo xtask test does it`);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`*, ::before, ::after { font-family: "${font}" !important }`);
  document.adoptedStyleSheets = [...before, sheet];
  found.push(...look().map((it) => `${font}: ${it}`));
}
document.adoptedStyleSheets = before;
return found;
