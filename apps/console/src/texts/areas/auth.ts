import { auth as en } from '../en/auth.ts'
import { inLanguage } from '../language.ts'

export const auth = /* @__PURE__ */ inLanguage({ en })
