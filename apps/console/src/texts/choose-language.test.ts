import { expect, test } from 'vitest'
import { chooseLanguage } from './choose-language.ts'

test.each([
  [['de-AT', 'en'], 'de'],
  [['fr', 'en-GB'], 'en'],
  [['pt-BR', 'de'], 'pt-BR'],
  [['fr'], 'en'],
  [[], 'en'],
])('a reader of %j gets %s', (wanted, language) => {
  expect(chooseLanguage(['en', 'de', 'pt-BR'], wanted, 'en')).toBe(language)
})
