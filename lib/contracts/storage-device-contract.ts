import type { StorageDevice, StorageFile } from '../providers/storage-device';
import { expectEqual, type Contract } from './contract';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (read: Uint8Array): string => new TextDecoder().decode(read);

/** What every {@link StorageDevice} promises. */
export const storageDeviceContract: Contract<StorageDevice> = {
  name: 'a storage device',
  promises: [
    {
      title: 'what was written is read back, also by who opens the file again',
      async check(device) {
        await withFile(device, 'folder/a', async (file) => {
          await file.write(0, bytes('hello world'));
          await file.write(6, bytes('WORLD'));
          await file.sync();
          expectEqual('the file', text(await file.read(0, 100)), 'hello WORLD');
        });
        await withFile(device, 'folder/a', async (again) => {
          expectEqual('a part of it', text(await again.read(6, 3)), 'WOR');
          expectEqual('its size', await again.size(), 11);
        });
      },
    },
    {
      title: 'a gap reads as zeros, and behind the end there is nothing',
      check: (device) =>
        withFile(device, 'gap', async (file) => {
          await file.write(3, bytes('x'));
          expectEqual('the gap', [...(await file.read(0, 10))], [0, 0, 0, 120]);
          expectEqual('what is behind the end', (await file.read(50, 10)).length, 0);
        }),
    },
    {
      title: 'truncating shortens and lengthens',
      check: (device) =>
        withFile(device, 'cut', async (file) => {
          await file.write(0, bytes('abcdef'));
          await file.truncate(2);
          expectEqual('the shorter file', text(await file.read(0, 10)), 'ab');
          await file.truncate(4);
          expectEqual('the longer file', [...(await file.read(0, 10))], [97, 98, 0, 0]);
        }),
    },
    {
      title: 'renaming replaces, removing removes, and listing tells',
      async check(device) {
        for (const path of ['d/one', 'd/two', 'other']) {
          await withFile(device, path, async (file) => {
            await file.write(0, bytes(path));
            await file.sync();
          });
        }
        await device.rename('d/one', 'd/two');
        expectEqual('the folder', await device.list('d'), ['d/two']);
        expectEqual('whether the old name is there', await device.exists('d/one'), false);
        await withFile(device, 'd/two', async (file) => expectEqual('the file', text(await file.read(0, 10)), 'd/one'));
        await device.remove('d/two');
        await device.remove('d/two');
        expectEqual('the folder, when all was removed', await device.list('d'), []);
        expectEqual('whether the other is listed', (await device.list('')).includes('other'), true);
      },
    },
  ],
};

/** A file is closed also where the promise is broken: Node.js ends a process in which one that was left open is collected. */
async function withFile(device: StorageDevice, path: string, use: (file: StorageFile) => Promise<void>): Promise<void> {
  const file = await device.open(path);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
