/* An imitation of CUDA's runtime in this machine's memory, for ONNX Runtime's own CUDA provider to be loaded where there is no GPU. See run.

   Memory, copies, streams and devices work; kernels do nothing, and what is missing here the script adds as a function that fails. "Device" memory is
   closed to the program (PROT_NONE): only copies reach it, through a second view, so whoever reads or writes it by mistake dies of it. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef void *handle;
enum { OK = 0, OUT_OF_MEMORY = 2, INVALID_DEVICE = 101, REGIONS = 4096 };

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static struct { char *device, *view; size_t size; } regions[REGIONS];
static long allocated, freed, locked, unlocked, copies;
static size_t to_device, from_device, in_use, most_in_use;

__attribute__((destructor)) static void report(void)
{
    fprintf(stderr, "imitation CUDA: %ld device allocations, %ld freed, at most %zu KB; %ld page-locked, %ld freed; %ld copies, %zu KB to the device, %zu KB back\n",
            allocated, freed, most_in_use / 1024, locked, unlocked, copies, to_device / 1024, from_device / 1024);
}

int cudaMalloc(void **memory, size_t size)
{
    size = (size + 4095) & ~(size_t)4095;
    int file = memfd_create("device", 0);
    if (file < 0 || ftruncate(file, size) != 0)
        return OUT_OF_MEMORY;
    char *device = mmap(NULL, size, PROT_NONE, MAP_SHARED, file, 0), *view = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    pthread_mutex_lock(&gate);
    int i = 0;
    while (i < REGIONS && regions[i].device != NULL)
        i++;
    if (i == REGIONS || device == MAP_FAILED || view == MAP_FAILED)
        abort();
    regions[i].device = device, regions[i].view = view, regions[i].size = size;
    allocated++;
    in_use += size;
    most_in_use = in_use > most_in_use ? in_use : most_in_use;
    pthread_mutex_unlock(&gate);
    *memory = device;
    return OK;
}

int cudaFree(void *memory)
{
    pthread_mutex_lock(&gate);
    for (int i = 0; memory != NULL && i < REGIONS; i++)
        if (regions[i].device == memory) {
            munmap(regions[i].device, regions[i].size);
            munmap(regions[i].view, regions[i].size);
            regions[i].device = NULL;
            in_use -= regions[i].size;
            freed++;
        }
    pthread_mutex_unlock(&gate);
    return OK;
}

int cudaHostAlloc(void **memory, size_t size, unsigned flags) { locked++; return posix_memalign(memory, 4096, size) == 0 ? OK : OUT_OF_MEMORY; }
int cudaMallocHost(void **memory, size_t size) { return cudaHostAlloc(memory, size, 0); }
int cudaFreeHost(void *memory) { unlocked++; free(memory); return OK; }

/* Where the program can reach it. */
static char *view_of(const void *memory, size_t size, int *is_device)
{
    char *at = (char *)memory;
    *is_device = 0;
    for (int i = 0; i < REGIONS; i++)
        if (regions[i].device != NULL && at >= regions[i].device && at < regions[i].device + regions[i].size) {
            *is_device = 1;
            if (at + size > regions[i].device + regions[i].size) {
                fprintf(stderr, "imitation CUDA: a copy of %zu bytes runs over its memory's end\n", size);
                abort();
            }
            return regions[i].view + (at - regions[i].device);
        }
    return at;
}

int cudaMemcpy(void *target, const void *source, size_t size, int kind)
{
    int is_target, is_source;
    pthread_mutex_lock(&gate);
    char *to = view_of(target, size, &is_target), *from = view_of(source, size, &is_source);
    copies++;
    to_device += is_target && !is_source ? size : 0;
    from_device += is_source && !is_target ? size : 0;
    pthread_mutex_unlock(&gate);
    memmove(to, from, size);
    return OK;
}

int cudaMemcpyAsync(void *target, const void *source, size_t size, int kind, handle stream) { return cudaMemcpy(target, source, size, kind); }

int cudaMemset(void *target, int value, size_t size)
{
    int is_device;
    pthread_mutex_lock(&gate);
    char *to = view_of(target, size, &is_device);
    pthread_mutex_unlock(&gate);
    memset(to, value, size);
    return OK;
}

int cudaMemsetAsync(void *target, int value, size_t size, handle stream) { return cudaMemset(target, value, size); }

int cudaGetDeviceCount(int *count) { *count = 1; return OK; }
int cudaGetDevice(int *device) { *device = 0; return OK; }
int cudaSetDevice(int device) { return device == 0 ? OK : INVALID_DEVICE; }
int cudaDriverGetVersion(int *version) { *version = 13000; return OK; }
int cudaRuntimeGetVersion(int *version) { *version = 13000; return OK; }
int cudaMemGetInfo(size_t *free, size_t *total) { *total = (size_t)8 << 30; *free = *total - in_use; return OK; }
/* cudaDevAttrComputeCapabilityMajor and Minor are 75 and 76, cudaDevAttrMultiProcessorCount 16. */
int cudaDeviceGetAttribute(int *value, int attribute, int device) { *value = attribute == 75 ? 9 : attribute == 76 ? 0 : attribute == 16 ? 100 : 1; return OK; }

/* The begin of CUDA 13's cudaDeviceProp, whose rest stays zero. */
struct properties {
    char name[256], uuid[16], luid[8];
    unsigned luid_mask;
    size_t memory, shared_memory;
    int registers, warp;
    size_t pitch;
    int threads, block[3], grid[3];
    size_t constant_memory;
    int major, minor;
};

int cudaGetDeviceProperties(struct properties *properties, int device)
{
    *properties = (struct properties){ .name = "Imitation", .memory = (size_t)8 << 30, .shared_memory = 48 << 10, .registers = 65536, .warp = 32,
        .threads = 1024, .block = { 1024, 1024, 64 }, .grid = { 2147483647, 65535, 65535 }, .major = 9 };
    return OK;
}

int cudaStreamCreateWithFlags(handle *stream, unsigned flags) { *stream = malloc(1); return OK; }
int cudaStreamCreate(handle *stream) { return cudaStreamCreateWithFlags(stream, 0); }
int cudaStreamDestroy(handle stream) { free(stream); return OK; }
int cudaStreamSynchronize(handle stream) { return OK; }
int cudaStreamWaitEvent(handle stream, handle event, unsigned flags) { return OK; }
int cudaStreamIsCapturing(handle stream, int *status) { *status = 0; return OK; }
int cudaEventCreateWithFlags(handle *event, unsigned flags) { *event = malloc(1); return OK; }
int cudaEventCreate(handle *event) { return cudaEventCreateWithFlags(event, 0); }
int cudaEventDestroy(handle event) { free(event); return OK; }
int cudaEventRecord(handle event, handle stream) { return OK; }
int cudaEventSynchronize(handle event) { return OK; }
int cudaDeviceSynchronize(void) { return OK; }
int cudaGetLastError(void) { return OK; }
int cudaPeekAtLastError(void) { return OK; }
int cudaLaunchHostFunc(handle stream, void (*work)(void *), void *argument) { work(argument); return OK; }
const char *cudaGetErrorString(int error) { return "an error of the imitation"; }
const char *cudaGetErrorName(int error) { return "imitation"; }
void *__cudaRegisterFatBinary(void *binary) { return malloc(1); }
void __cudaUnregisterFatBinary(void *binary) { free(binary); }
void __cudaRegisterFatBinaryEnd(void *binary) {}
void __cudaRegisterFunction(void) {}
void __cudaRegisterVar(void) {}
