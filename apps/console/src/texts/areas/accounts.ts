import { accounts as en } from '../en/accounts.ts'
import { inLanguage } from '../language.ts'

export const accounts = /* @__PURE__ */ inLanguage({ en })
