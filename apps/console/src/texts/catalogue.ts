import { chooseLanguage } from './choose-language.ts'
import { en } from './en/index.ts'

/** All texts of the customers' pages. A second language is a value of this type, in a folder beside `en/`. */
export type Texts = typeof en

const LANGUAGES = { en } satisfies Record<string, Texts>

export const language = chooseLanguage(Object.keys(LANGUAGES), navigator.languages, 'en')

/** The texts in the reader's language. Texts with values are functions. */
export const t: Texts = new Map<string, Texts>(Object.entries(LANGUAGES)).get(language) ?? en
