import { brandTones, type Tones } from './tones.ts'

/** What makes the product yours: on its pages, in its emails, and in the API's reference. */
export interface Brand {
  readonly name: string
  /** Readable tones of the brand's color, for light and dark mode. */
  readonly tones: { readonly light: Tones; readonly dark: Tones }
  readonly logoUrl: string | null
  readonly supportEmail: string | null
}

/** `MAIL_FROM` until it is set. It names the product, too. */
export const DEFAULT_SENDER = 'Tollgate <no-reply@tollgate.local>'

/** Completes the brand. `color` is `#rrggbb`. */
export function createBrand({ color, ...brand }: Omit<Brand, 'tones'> & { color: string }): Brand {
  return { ...brand, tones: brandTones(color) }
}

/** The brand's tones as custom properties. Each follows the page's color scheme. */
export function brandCss({ tones: { light, dark } }: Pick<Brand, 'tones'>): string {
  const pair = (tone: keyof Tones) => `light-dark(${light[tone]}, ${dark[tone]})`
  return `:root {
  --brand: ${pair('accent')};
  --brand-hover: ${pair('hover')};
  --on-brand: ${pair('onAccent')};
  --brand-soft: ${pair('soft')};
}
`
}
