export { actorDirectoryContract } from './lib/contracts/actor-directory-contract';
export type { Contract, ContractPromise, Sleep } from './lib/contracts/contract';
export {
  contractCases,
  describeContract,
  type ContractCase,
  type ContractSubject,
  type ContractWorld,
} from './lib/contracts/contract-cases';
export { membershipStoreContract } from './lib/contracts/membership-store-contract';
export { stateStorageContract } from './lib/contracts/state-storage-contract';
export { storageDeviceContract } from './lib/contracts/storage-device-contract';
export type { TestFunctions } from './lib/simulation/test-runners/test-runner';
