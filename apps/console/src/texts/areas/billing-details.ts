import { billingDetails as en } from '../en/billing-details.ts'
import { inLanguage } from '../language.ts'

export const billingDetails = /* @__PURE__ */ inLanguage({ en })
