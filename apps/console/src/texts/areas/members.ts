import { members as en } from '../en/members.ts'
import { inLanguage } from '../language.ts'

export const members = /* @__PURE__ */ inLanguage({ en })
