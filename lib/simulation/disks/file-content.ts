/** Bytes that grow; a gap reads as zeros. */
export class FileContent {
  size = 0;
  private bytes = new Uint8Array(0);

  read(offset: number, length: number): Uint8Array {
    return this.bytes.slice(offset, Math.min(offset + length, this.size));
  }

  write(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length;
    this.grow(end);
    this.bytes.set(bytes, offset);
    this.size = Math.max(this.size, end);
  }

  truncate(size: number): void {
    this.bytes.fill(0, size, this.size);
    this.grow(size);
    this.size = size;
  }

  copy(): FileContent {
    const copy = new FileContent();
    copy.bytes = this.bytes.slice(0, this.size);
    copy.size = this.size;
    return copy;
  }

  /** Doubles the room, so that a file written piece by piece is not copied for each piece. */
  private grow(size: number): void {
    if (size <= this.bytes.length) return;
    const roomier = new Uint8Array(Math.max(size, 2 * this.bytes.length));
    roomier.set(this.bytes.subarray(0, this.size));
    this.bytes = roomier;
  }
}
