export { ListOverridesInput, OverrideInput, OverrideView, RemoveOverrideInput } from '../billing/feature.schemas.ts'
