import { checkout as en } from '../en/checkout.ts'
import { inLanguage } from '../language.ts'

export const checkout = /* @__PURE__ */ inLanguage({ en })
