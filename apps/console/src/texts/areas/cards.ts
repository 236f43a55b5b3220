import { cards as en } from '../en/cards.ts'
import { inLanguage } from '../language.ts'

export const cards = /* @__PURE__ */ inLanguage({ en })
