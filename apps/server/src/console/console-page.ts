import { createHash } from 'node:crypto'
import { brandCss, type Brand } from '../platform/brand/brand.ts'

export interface ConsoleSettings {
  /** The API as browsers see it, without a trailing slash. */
  readonly apiUrl: string
  readonly brand: Brand
}

/** The path of the style sheet with the brand's colors. Its address in the page names its content. */
export const BRAND_CSS = '/brand.css'

const PLACEHOLDER = '<!-- settings -->'

/**
 * Fills the settings in to the console's `index.html`. So one build serves any deployment.
 *
 * @throws {Error} when the page has no place for them: it is of another version.
 */
export function fillInSettings(page: string, { apiUrl, brand }: ConsoleSettings): string {
  if (!page.includes(PLACEHOLDER)) throw new Error(`The console's index.html has no ${PLACEHOLDER}. Build it again.`)
  const { name, logoUrl, supportEmail } = brand
  const settings = { apiUrl, brand: { name, logoUrl, supportEmail } }
  return page
    .replace(PLACEHOLDER, () => `<script type="application/json" id="tollgate-settings">${inScript(settings)}</script>`)
    .replace(/<title>[^<]*<\/title>/, () => `<title>${escaped(name)}</title>`)
    .replaceAll(`href="${BRAND_CSS}"`, () => `href="${BRAND_CSS}?v=${versionOf(brandCss(brand))}"`)
}

/** Names the content of a style sheet in its address. A browser keeps it until the content changes. */
export const versionOf = (css: string): string => createHash('sha256').update(css).digest('base64url').slice(0, 12)

/** Writes JSON so that no text in it can end the element. */
const inScript = (value: unknown) => JSON.stringify(value).replaceAll('<', String.raw`\u003c`)

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
