import { pages as en } from '../en/pages.ts'
import { inLanguage } from '../language.ts'

export const pages = /* @__PURE__ */ inLanguage({ en })
