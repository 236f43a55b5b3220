import { language } from '../../texts/catalogue.ts'
import { en } from './en/index.ts'

/** All texts of the operators' pages. A second language is a value of this type, in a folder beside `en/`. */
export type AdminTexts = typeof en

const LANGUAGES = { en } satisfies Record<string, AdminTexts>

/** The texts in the reader's language. Texts with values are functions. */
export const t: AdminTexts = new Map<string, AdminTexts>(Object.entries(LANGUAGES)).get(language) ?? en
