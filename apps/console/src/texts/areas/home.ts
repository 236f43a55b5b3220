import { home as en } from '../en/home.ts'
import { inLanguage } from '../language.ts'

export const home = /* @__PURE__ */ inLanguage({ en })
