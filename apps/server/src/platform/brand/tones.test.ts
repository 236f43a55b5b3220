import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brandCss, createBrand } from './brand.ts'
import { contrast, toHex, toOklch } from './color.ts'
import { brandTones, GROUNDS } from './tones.ts'

const AA = 4.5
const hex = fc.integer({ min: 0, max: 0xff_ff_ff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

describe('the tones of any color', () => {
  test('have the contrast of AA in light and dark mode', () => {
    fc.assert(
      fc.property(hex, (color) => {
        for (const [mode, { accent, hover, onAccent, soft }] of Object.entries(brandTones(color))) {
          const ground = mode === 'light' ? GROUNDS.light : GROUNDS.dark
          for (const other of [ground, soft, onAccent]) {
            expect(contrast(accent, other), `${mode}: ${accent} with ${other}`).toBeGreaterThanOrEqual(AA)
          }
          expect(contrast(hover, onAccent), `${mode}: ${onAccent} on ${hover}`).toBeGreaterThanOrEqual(AA)
          expect(hover).not.toBe(accent)
        }
      }),
      { numRuns: 300, examples: ['#000000', '#ffffff', '#ffff00', '#0000ff', '#808080', '#ff0000'].map((c) => [c]) },
    )
  })

  test('stay the color itself where it is readable', () => {
    expect(brandTones('#0b6b57').light.accent).toBe('#0b6b57')
    expect(brandTones('#7fd9c0').dark.accent).toBe('#7fd9c0')
  })
})

test('a color survives the way through OKLCH', () => {
  fc.assert(
    fc.property(hex, (color) => {
      expect(toHex(toOklch(color))).toBe(color)
    }),
  )
})

test('the contrast of black and white is 21', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
})

test('the style sheet names each tone once, for both modes', () => {
  const css = brandCss(createBrand({ name: 'Acme', color: '#1f5eff', logoUrl: null, supportEmail: null }))
  expect(
    [...css.matchAll(/^ {2}(--[\w-]+): light-dark\(#[\da-f]{6}, #[\da-f]{6}\);$/gm)].map(([, name]) => name),
  ).toEqual(['--brand', '--brand-hover', '--on-brand', '--brand-soft'])
})
