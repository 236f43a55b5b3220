import { account as en } from '../en/account.ts'
import { inLanguage } from '../language.ts'

export const account = /* @__PURE__ */ inLanguage({ en })
