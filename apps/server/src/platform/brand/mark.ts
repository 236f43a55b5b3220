import type { Brand } from './brand.ts'

const XML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Tollgate's own sign: a gate. */
const GATE = '<path d="M9 8v17M9 11l15 5" stroke-width="3" stroke-linecap="round" fill="none"'

/** A small sign for the product, as SVG: its initial on its color. A browser shows it beside the page's title. */
export function brandMark({ name, tones }: Pick<Brand, 'name' | 'tones'>): string {
  const { accent, onAccent } = tones.light
  const [initial = ''] = name.trim().toUpperCase()
  const sign =
    name === 'Tollgate'
      ? `${GATE} stroke="${onAccent}"/>`
      : `<text x="16" y="22.5" fill="${onAccent}" font-family="Inter, system-ui, sans-serif" font-size="18" font-weight="700" text-anchor="middle">${XML[initial] ?? initial}</text>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${accent}"/>${sign}</svg>`
}
