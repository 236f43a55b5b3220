import { inLanguage } from '../../texts/language.ts'
import { en } from './en/index.ts'

/** The texts of the operators' pages, in the reader's language. Texts with values are functions. */
export const t = inLanguage({ en })
