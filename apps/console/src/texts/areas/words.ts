import { words as en } from '../en/words.ts'
import { inLanguage } from '../language.ts'

export const words = /* @__PURE__ */ inLanguage({ en })
