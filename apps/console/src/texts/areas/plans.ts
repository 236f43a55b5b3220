import { plans as en } from '../en/plans.ts'
import { inLanguage } from '../language.ts'

export const plans = /* @__PURE__ */ inLanguage({ en })
