import { useQuery } from '@tanstack/react-query'
import { formatMoney, type RouterInputs } from '@tollgate/client'
import { api, trpc } from '../../../api.ts'
import { ActProblem } from '../../kit/act-problem.ts'
import { Act, type ReadField } from '../../kit/act.tsx'
import { chosenOf } from '../../kit/choices.tsx'
import { endOfDay } from '../../kit/end-of-day.ts'
import { t } from '../../texts/catalogue.ts'
import { readAmount } from '../read-amount.ts'
import { DiscountFields } from './discount-fields.tsx'
import { discountTerms } from './discount-words.ts'

type Input = RouterInputs['admin']['discounts']['create']

const words = t.discounts

/** Creates a discount, and says first who gets it. */
export function CreateDiscountAct() {
  const query = useQuery(trpc.billing.plans.list.queryOptions())
  // Plans for a month and for a year often have the same name.
  const plans = (query.data ?? [])
    .filter(({ prices }) => prices.some(({ provider, priceCents }) => provider === 'stripe' && priceCents > 0))
    .map(({ code, name }) => ({ code, label: words.plan(name, code) }))
  const codesOf = (read: ReadField) =>
    chosenOf(
      read,
      'plan',
      plans.map(({ code }) => code),
    )
  const chosen = (read: ReadField) => plans.filter(({ code }) => codesOf(read).includes(code))
  return (
    <Act
      open={words.create}
      title={words.createTitle}
      confirm={words.createConfirm}
      done={words.created}
      fieldOf={{ DISCOUNT_CODE_TAKEN: 'code' }}
      consequences={(read) => [
        ...effectsOf(read),
        ...(chosen(read).length > 0
          ? [
              words.onlyPlans(
                chosen(read)
                  .map(({ label }) => label)
                  .join(', '),
              ),
            ]
          : []),
        words.fixed,
      ]}
      run={(read) => {
        const codes = codesOf(read)
        return api.admin.discounts.create.mutate({ ...inputOf(read), ...(codes.length > 0 && { plans: codes }) })
      }}
    >
      <DiscountFields plans={plans} />
    </Act>
  )
}

function effectsOf(read: ReadField): string[] {
  const hasAmount = read('percentOff') !== '' || read('amountOff') !== ''
  const isEmpty = !hasAmount || (read('duration') === 'repeating' && read('months') === '')
  const terms = isEmpty ? null : { percentOff: null, amountOff: null, currency: null, months: null, ...termsOf(read) }
  const code = read('code').trim()
  const max = wholeNumber(read, 'maxRedemptions', words.maxRedemptions)
  return [
    ...(terms ? [words.terms(discountTerms(terms))] : []),
    ...(code === ''
      ? [words.onlyAdmins]
      : [words.redeemable(code, max?.toLocaleString() ?? null), ...codeEffects(codeTermsOf(read))]),
  ]
}

function codeEffects({ firstTimeOnly, minimum }: ReturnType<typeof codeTermsOf>): string[] {
  return [
    ...(firstTimeOnly ? [words.onlyFirst] : []),
    ...(minimum ? [words.onlyFrom(formatMoney(minimum.minimumAmount, minimum.currency))] : []),
  ]
}

function inputOf(read: ReadField): Input {
  const code = read('code').trim()
  const { firstTimeOnly, minimum } = codeTermsOf(read)
  const maxRedemptions = wholeNumber(read, 'maxRedemptions', words.maxRedemptions)
  const expiresAt = endOfDay(read('expiresAt'))
  return {
    name: read('name').trim(),
    ...termsOf(read),
    ...(code !== '' && { code, firstTimeOnly, ...minimum }),
    ...(maxRedemptions !== null && { maxRedemptions }),
    ...(expiresAt && { expiresAt }),
  }
}

const currencyOf = (read: ReadField): string => read('currency').trim().toLowerCase()

/**
 * Who may redeem the code of a discount, from its form.
 *
 * @throws {ActProblem} for a minimum that is no amount of the currency.
 */
function codeTermsOf(read: ReadField) {
  const firstTimeOnly = read('firstTimeOnly') === 'yes'
  if (read('minimumAmount').trim() === '') return { firstTimeOnly, minimum: null }
  const currency = currencyOf(read)
  return { firstTimeOnly, minimum: { minimumAmount: readAmount(read('minimumAmount'), currency), currency } }
}

/**
 * What a discount takes off and how long, from its form.
 *
 * @throws {ActProblem} for what is no number, or no amount of the currency.
 */
function termsOf(read: ReadField) {
  const months = wholeNumber(read, 'months', words.months)
  const lasts =
    read('duration') === 'repeating'
      ? { duration: 'repeating' as const, ...(months !== null && { months }) }
      : { duration: read('duration') === 'forever' ? ('forever' as const) : ('once' as const) }
  if (read('kind') === 'amount') {
    const currency = currencyOf(read)
    return { ...lasts, amountOff: readAmount(read('amountOff'), currency), currency }
  }
  const percentOff = Number(read('percentOff').trim().replace(',', '.'))
  if (!(percentOff > 0 && percentOff <= 100)) throw new ActProblem(words.invalidPercent)
  return { ...lasts, percentOff }
}

function wholeNumber(read: ReadField, field: string, label: string): number | null {
  const written = read(field).trim()
  if (written === '') return null
  if (!/^[1-9]\d{0,8}$/.test(written)) throw new ActProblem(words.invalidNumber(label))
  return Number(written)
}
