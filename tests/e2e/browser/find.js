// What a person could mean by a name: elements of a kind whose text or label has it. The browser's own accessible name
// decides afterwards.
const [kind, names] = arguments;
const kinds = {
  press: 'button, summary, [role=button], input[type=submit], a[href], [role=link]',
  fill: 'input:not([type=radio], [type=checkbox], [type=hidden], [type=submit]), textarea, select',
  choose: 'input[type=radio], input[type=checkbox]',
  group: 'section, nav, search, form, dialog, fieldset, aside, ul, table, [role=region], [role=group]',
};
const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
const called = (element) => [
  element.getAttribute('aria-label'),
  ...(element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => id && document.getElementById(id)?.textContent),
  ...[...(element.labels ?? [])].map((label) => label.textContent),
  element.title,
  element.placeholder,
  element.textContent,
].some((text) => names.some((name) => tidy(text).includes(name)));
const seen = (element) => element.checkVisibility({ visibilityProperty: true });
return [...document.querySelectorAll(kinds[kind])].filter((element) => seen(element) && called(element));
