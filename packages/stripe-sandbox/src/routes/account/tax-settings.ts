import { emit } from '../../events/emit.ts'
import { invalidRequest, missingParam } from '../../http/errors.ts'
import type { FormValue } from '../../http/form.ts'
import { PAGE, page } from '../../http/list.ts'
import { anything, clearable, either, hash, oneOf, required, string, timestamp } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import { registrationStatus, serializeRegistration, serializeTaxSettings } from '../../resources/tax-settings.ts'
import type { Account } from '../../state/account.ts'
import { isUsState } from '../../taxes/rates.ts'
import { ADDRESS } from '../customers/customer-fields.ts'
import { inPath } from '../lookup.ts'

const SETTINGS = hash({
  defaults: hash({
    tax_behavior: oneOf('exclusive', 'inclusive', 'inferred_by_currency'),
    tax_code: string(),
  }),
  head_office: hash({ address: required(ADDRESS) }),
})
const CREATE = hash({
  active_from: required(either(['now'], timestamp())),
  country: required(string({ max: 2 })),
  country_options: required(anything()),
  expires_at: timestamp(),
})
const UPDATE = hash({
  active_from: either(['now'], timestamp()),
  expires_at: clearable(either(['now'], timestamp())),
})

export const taxSettingsRoutes = [
  route('GET', '/tax/settings', hash({}), ({ account }) => serializeTaxSettings(account)),
  route('POST', '/tax/settings', SETTINGS, ({ account, params: { defaults, head_office } }) => {
    const address = head_office?.address
    if (address && !address.country) throw missingParam('head_office[address][country]')
    const old = account.taxSettings.find('tax')
    const none = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null }
    const fields = {
      head_office: address ? { ...none, ...address } : (old?.head_office ?? null),
      tax_behavior: defaults?.tax_behavior ?? old?.tax_behavior ?? null,
      tax_code: defaults?.tax_code ?? old?.tax_code ?? null,
    }
    if (old) account.taxSettings.patch('tax', fields)
    else account.taxSettings.insert({ id: 'tax', ...fields })
    emit(account, 'tax.settings.updated', serializeTaxSettings(account))
    return serializeTaxSettings(account)
  }),
  route('POST', '/tax/registrations', CREATE, ({ account, params }) => {
    const country = params.country.toUpperCase()
    const { type, state } = readOptions(params.country_options, country)
    const row = account.taxRegistrations.insert({
      id: newId('taxreg'),
      created: account.now(),
      active_from: timeOf(account, params.active_from),
      country,
      expires_at: params.expires_at ?? null,
      type,
      state,
      country_options: isHash(params.country_options) ? params.country_options : {},
    })
    return serializeRegistration(account, row)
  }),
  route('GET', '/tax/registrations/:id', hash({}), ({ account, id }) =>
    serializeRegistration(account, inPath(account.taxRegistrations, id, 'tax registration')),
  ),
  route('POST', '/tax/registrations/:id', UPDATE, ({ account, id, params: { active_from, expires_at } }) => {
    inPath(account.taxRegistrations, id, 'tax registration')
    const row = account.taxRegistrations.patch(id, {
      ...(active_from !== undefined && { active_from: timeOf(account, active_from) }),
      ...(expires_at !== undefined && { expires_at: expires_at === null ? null : timeOf(account, expires_at) }),
    })
    return serializeRegistration(account, row)
  }),
  route(
    'GET',
    '/tax/registrations',
    hash({ ...PAGE, status: oneOf('active', 'all', 'expired', 'scheduled') }),
    ({ account, params }) => {
      const { status = 'all' } = params
      const rows = account.taxRegistrations
        .all()
        .filter((row) => status === 'all' || registrationStatus(row, account.now()) === status)
      return page('/v1/tax/registrations', rows, params, (row) => serializeRegistration(account, row))
    },
  ),
]

const timeOf = (account: Account, given: number | 'now'): number => (given === 'now' ? account.now() : given)

/** The type of a registration, and its state in the United States, from `country_options[us][state]`. */
function readOptions(given: FormValue, country: string): { type: string; state: string | null } {
  const key = country.toLowerCase()
  const own = isHash(given) ? given[key] : undefined
  const type = isHash(own) ? own['type'] : undefined
  if (!isHash(own) || typeof type !== 'string') throw missingParam(`country_options[${key}][type]`)
  const state = own['state']
  if (country !== 'US') return { type, state: null }
  if (typeof state !== 'string') throw missingParam('country_options[us][state]')
  if (!isUsState(state)) throw invalidRequest(`Invalid state: ${state}`, { param: 'country_options[us][state]' })
  return { type, state }
}

const isHash = (value: FormValue | undefined): value is Exclude<FormValue, string | FormValue[]> =>
  typeof value === 'object' && !Array.isArray(value)
