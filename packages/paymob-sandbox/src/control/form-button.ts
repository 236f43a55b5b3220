import { html, type Html } from '../pages/html.ts'

/** A form of the control page with one button, after `fields` if there are any. */
export function formButton(
  { name, label, danger = false }: { name: string; label: string; danger?: boolean },
  values: Readonly<Record<string, string>> = {},
  fields?: Html,
): Html {
  return html`<form method="post" action="/_/buttons/${name}" class="bar">
    ${Object.entries(values).map(([key, value]) => html`<input type="hidden" name="${key}" value="${value}" />`)}
    ${fields} <button class="small ${danger ? 'danger' : 'plain'}">${label}</button>
  </form>`
}
