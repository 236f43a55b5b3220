import { billing as en } from '../en/billing.ts'
import { inLanguage } from '../language.ts'

export const billing = /* @__PURE__ */ inLanguage({ en })
