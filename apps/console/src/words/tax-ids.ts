import type { RouterOutputs } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'
import { language } from '../texts/language.ts'
import { countryName } from './countries.ts'
import type { Tone } from './tone.ts'

export type TaxId = RouterOutputs['billing']['details']['get']['taxIds'][number]

/**
 * The types that Stripe has.
 *
 * @see https://docs.stripe.com/billing/customer/tax-ids
 */
const TYPES = `ad_nrt ae_trn al_tin am_tin ao_tin ar_cuit au_abn au_acn au_arn aw_tin az_tin ba_tin bb_tin bd_bin bf_ifu
bg_uic bh_vat bj_ifu bo_tin br_cnpj br_cpf bs_tin by_tin ca_bn ca_gst_hst ca_pst_bc ca_pst_mb ca_pst_sk ca_qst cd_nif
ch_uid ch_vat cl_tin cm_niu cn_tin co_nit cr_tin cv_nif de_stn do_rcn ec_ruc eg_tin es_cif et_tin eu_oss_vat eu_vat
gb_vat ge_vat gn_nif hk_br hr_oib hu_tin id_npwp il_vat in_gst is_vat jp_cn jp_rn jp_trn ke_pin kg_tin kh_tin kr_brn
kz_bin la_tin li_uid li_vat ma_vat md_vat me_pib mk_vat mr_nif mx_rfc my_frp my_itn my_sst ng_tin no_vat no_voec np_pan
nz_gst om_vat pe_ruc ph_tin ro_tin rs_pib ru_inn ru_kpp sa_vat sg_gst sg_uen si_tin sn_ninea sr_fin sv_nit th_vat tj_tin
tr_tin tw_vat tz_vat ua_vat ug_tin us_ein uy_ruc uz_tin uz_vat ve_rif vn_tin za_vat zm_tin zw_tin`.split(/\s+/)

const EUROPEAN_UNION = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
)

const TONES: Record<NonNullable<TaxId['status']>, Tone> = {
  verified: 'good',
  pending: 'calm',
  unverified: 'bad',
  unavailable: 'warning',
}

/** Where a type of tax id is from, and its abbreviation there: `European Union: VAT`. */
export function describeTaxIdType(type: string): string {
  const [region = '', ...kind] = type.toUpperCase().split('_')
  return t.billingDetails.taxIds.type(countryName(region), kind.join(' '))
}

/** All types by name. */
export function taxIdTypeOptions(): { value: string; label: string }[] {
  return TYPES.map((type) => ({ value: type, label: describeTaxIdType(type) })).sort((one, other) =>
    one.label.localeCompare(other.label, language),
  )
}

/** The type that a business in a country most likely has. */
export function likelyTaxIdType(country: string | undefined): string {
  if (country === undefined || EUROPEAN_UNION.has(country)) return 'eu_vat'
  const own = TYPES.filter((type) => type.startsWith(`${country.toLowerCase()}_`))
  return own.find((type) => type.endsWith('_vat')) ?? own[0] ?? 'eu_vat'
}

/**
 * What the registry says about a tax id.
 *
 * @returns null if no registry verifies its type.
 */
export function describeTaxIdStatus({
  status,
}: TaxId): { badge: { tone: Tone; label: string }; meaning: string } | null {
  if (status === null) return null
  const words = t.billingDetails.taxIds
  return { badge: { tone: TONES[status], label: words.statuses[status] }, meaning: words.meanings[status] }
}
