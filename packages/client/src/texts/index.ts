export { en } from './en.ts'
export { defineTexts, type Texts } from './reasons.ts'
export { textOf, textOfReason, type TextOptions } from './text-of.ts'
