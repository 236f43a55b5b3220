import { contrast, toHex, toOklch, type Oklch } from './color.ts'

/** The colors that a page needs from the brand's one, each as `#rrggbb`. */
export interface Tones {
  /** For links, and the ground of the main button. */
  readonly accent: string
  /** The accent under the pointer. */
  readonly hover: string
  /** For text on the accent. */
  readonly onAccent: string
  /** A pale ground that carries text in the accent. */
  readonly soft: string
}

/** The ground that leaves the least contrast of all that a page uses, in light and in dark mode. */
export const GROUNDS = { light: '#f0f1ee', dark: '#262c2a' } as const

/** What AA asks of normal text. @see https://www.w3.org/TR/WCAG22/#contrast-minimum */
const AA = 4.5
const STEP = 0.01

/**
 * Makes readable tones of any color, for light and dark mode. They keep its hue. Its lightness moves until text in the
 * accent and text on the accent both have the contrast of AA.
 *
 * @param color `#rrggbb`.
 */
export function brandTones(color: string): { light: Tones; dark: Tones } {
  const brand = toOklch(color)
  return { light: lightTones(brand), dark: darkTones(brand) }
}

function lightTones(brand: Oklch): Tones {
  const soft = toHex({ ...brand, lightness: 0.95, chroma: Math.min(brand.chroma, 0.03) })
  const isReadable = (tone: string) => [soft, GROUNDS.light, '#ffffff'].every((ground) => contrast(tone, ground) >= AA)
  const lightness = findLightness(brand, -STEP, isReadable)
  // A color near black has no darker tone to show.
  const hover = lightness > 0.3 ? lightness - 0.08 : lightness + 0.1
  return { accent: at(brand, lightness), hover: at(brand, hover), onAccent: '#ffffff', soft }
}

function darkTones(brand: Oklch): Tones {
  const soft = toHex({ ...brand, lightness: 0.31, chroma: Math.min(brand.chroma, 0.05) })
  const onAccent = toHex({ ...brand, lightness: 0.2, chroma: Math.min(brand.chroma, 0.04) })
  const isReadable = (tone: string) => [soft, GROUNDS.dark, onAccent].every((other) => contrast(tone, other) >= AA)
  const lightness = findLightness({ ...brand, lightness: Math.max(brand.lightness, 0.7) }, STEP, isReadable)
  const hover = lightness < 0.9 ? lightness + 0.06 : lightness - 0.06
  return { accent: at(brand, lightness), hover: at(brand, hover), onAccent, soft }
}

/** Moves the lightness in steps until the tone is readable. Black and white always are. */
function findLightness(brand: Oklch, step: number, isReadable: (tone: string) => boolean): number {
  let { lightness } = brand
  while (lightness > 0 && lightness < 1 && !isReadable(at(brand, lightness))) lightness += step
  return lightness
}

const at = (brand: Oklch, lightness: number) => toHex({ ...brand, lightness })
