import { seats as en } from '../en/seats.ts'
import { inLanguage } from '../language.ts'

export const seats = /* @__PURE__ */ inLanguage({ en })
