import { ServiceKey } from './service-key.entity.ts'

export { createServiceAuthenticator } from './keys/authenticate-service.ts'
export { changeOwnData, readOwnData } from './facts/own-data.ts'
export { createServiceKey } from './keys/create-service-key.ts'
export { listServiceKeys } from './keys/list-service-keys.ts'
export { revokeServiceKey } from './keys/revoke-service-key.ts'
export { createServiceRouter } from './service.router.ts'
export { CreatedServiceKey, CreateServiceKeyInput, ListServiceKeysInput, ServiceKeyPage } from './service.schemas.ts'

export const serviceEntities = [ServiceKey]
