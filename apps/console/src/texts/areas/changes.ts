import { changes as en } from '../en/changes.ts'
import { inLanguage } from '../language.ts'

export const changes = /* @__PURE__ */ inLanguage({ en })
