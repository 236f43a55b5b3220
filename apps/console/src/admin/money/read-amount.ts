import { minorUnitDigits } from '@tollgate/client'
import { ActProblem } from '../kit/act-problem.ts'
import { t } from '../texts/catalogue.ts'

const words = t.money.amounts

/** Spaces and apostrophes between groups of three digits. */
const GROUPED = /(?<=\d)[\s'’](?=\d{3}(?!\d))/gu
const AMOUNT = /^(\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+|\d{1,12})(?:([.,])(\d+))?$/

/**
 * Reads an amount that a person typed, in the currency's smallest unit: `1,234.50` and `1234,50` are 123450 in `usd`.
 *
 * @throws {ActProblem} if it is no amount of this currency, or if it could be two.
 */
export function readAmount(typed: string, currency: string): number {
  if (!/^[a-z]{3}$/.test(currency)) throw new ActProblem(words.unknownCurrency(currency.toUpperCase()))
  const plain = typed.trim().replaceAll(GROUPED, '')
  const digits = minorUnitDigits(currency)
  const { whole, fraction } = partsOf(plain, { typed: typed.trim(), digits })
  const code = currency.toUpperCase()
  if (fraction !== '' && digits === 0) throw new ActProblem(words.whole(typed.trim(), code))
  if (fraction.length > digits) throw new ActProblem(words.tooFine(typed.trim(), code, digits))
  return Number(whole + fraction.padEnd(digits, '0'))
}

function partsOf(plain: string, { typed, digits }: { typed: string; digits: number }) {
  const single = /^(\d{1,12})([.,])(\d+)$/.exec(plain)
  if (single) return partsOfSingle(single, { typed, digits })
  const [, grouped = '', mark, fraction = ''] = AMOUNT.exec(plain) ?? []
  // The mark between groups can't be the mark of the decimals, too.
  if (grouped === '' || (mark !== undefined && grouped.includes(mark))) throw new ActProblem(words.none(typed))
  return { whole: grouped.replaceAll(/[.,]/g, ''), fraction }
}

/** One mark, which stands before the decimals or between groups. Only before three digits it can be either. */
function partsOfSingle(
  [, whole = '', mark = '', fraction = '']: RegExpExecArray,
  { typed, digits }: { typed: string; digits: number },
) {
  const isGroup = fraction.length === 3 && whole.length <= 3 && !whole.startsWith('0')
  if (!isGroup) return { whole, fraction }
  if (mark === ',' && digits < 3) return { whole: whole + fraction, fraction: '' }
  if (mark === '.' && digits === 3) return { whole, fraction } // as our own fields write it
  const plain = digits === 0 ? whole : `${whole}.${'0'.repeat(digits)}`
  throw new ActProblem(words.ambiguous(typed, digits === 3 ? `${whole}.${fraction}` : plain, whole + fraction))
}
