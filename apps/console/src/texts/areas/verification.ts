import { verification as en } from '../en/verification.ts'
import { inLanguage } from '../language.ts'

export const verification = /* @__PURE__ */ inLanguage({ en })
