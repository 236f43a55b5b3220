import { chooseLanguage } from './choose-language.ts'

const LANGUAGES = ['en'] as const

/** The reader's language, or English. */
export const language = chooseLanguage(LANGUAGES, navigator.languages, 'en')

/** The texts in the reader's language. */
export const inLanguage = <Texts>(texts: Record<(typeof LANGUAGES)[number], Texts>): Texts => texts[language]
