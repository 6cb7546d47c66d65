import { HeadBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

/** Documents in a bucket. The task's role gives the credentials: there are none in the environment. */
export class Documents {
  readonly #client: S3Client;

  constructor(
    private readonly bucket: string,
    region: string,
  ) {
    this.#client = new S3Client({ region, maxAttempts: 1 });
  }

  async isThere(): Promise<boolean> {
    try {
      const abortSignal = AbortSignal.timeout(2000);
      await this.#client.send(new HeadBucketCommand({ Bucket: this.bucket }), { abortSignal });
      return true;
    } catch {
      return false;
    }
  }

  /** Where a browser can put a document within five minutes. */
  uploadUrl(key: string, type: string): Promise<string> {
    const command = new PutObjectCommand({ Bucket: this.bucket, Key: key, ContentType: type });
    return getSignedUrl(this.#client, command, { expiresIn: 300 });
  }
}
