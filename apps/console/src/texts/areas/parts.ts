import { parts as en } from '../en/parts.ts'
import { inLanguage } from '../language.ts'

export const parts = /* @__PURE__ */ inLanguage({ en })
