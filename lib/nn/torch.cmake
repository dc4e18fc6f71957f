# LibTorch as the target nr_torch: the system's package, or a PyPI wheel's `torch` folder named by NR_TORCH_DIR. The wheel is a CUDA
# build whose own CMake files ask for a toolkit that running does not need, so its target is made by hand.
add_library(nr_torch INTERFACE)
if(NR_TORCH_DIR)
  if(NOT EXISTS ${NR_TORCH_DIR}/include/torch/csrc/api/include/torch/torch.h)
    message(FATAL_ERROR "NR_TORCH_DIR=${NR_TORCH_DIR} holds no LibTorch: expected the wheel's `torch` folder, with include/ and lib/ in it")
  endif()
  target_include_directories(nr_torch SYSTEM BEFORE INTERFACE ${NR_TORCH_DIR}/include ${NR_TORCH_DIR}/include/torch/csrc/api/include)
  set(torch_libraries ${NR_TORCH_DIR}/lib/libtorch.so ${NR_TORCH_DIR}/lib/libtorch_cpu.so ${NR_TORCH_DIR}/lib/libc10.so)
  if(EXISTS ${NR_TORCH_DIR}/lib/libtorch_cuda.so)  # loading them registers the CUDA backend
    list(APPEND torch_libraries -Wl,--no-as-needed ${NR_TORCH_DIR}/lib/libtorch_cuda.so ${NR_TORCH_DIR}/lib/libc10_cuda.so -Wl,--as-needed)
  endif()
  target_link_libraries(nr_torch INTERFACE ${torch_libraries})
  # The wheel's libtorch.so exports a std::filesystem of its own that calls what is not there: the loader must meet libstdc++ first.
  target_link_options(nr_torch INTERFACE LINKER:--push-state,--no-as-needed -lstdc++ LINKER:--pop-state)
  target_link_options(nr_torch INTERFACE -Wl,--allow-shlib-undefined -Wl,-rpath,${NR_TORCH_DIR}/lib)
  target_compile_definitions(nr_torch INTERFACE _GLIBCXX_USE_CXX11_ABI=1)
  set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)
else()
  find_package(Torch REQUIRED)
  get_target_property(torch_includes torch INTERFACE_INCLUDE_DIRECTORIES)
  target_include_directories(nr_torch SYSTEM INTERFACE ${torch_includes} ${TORCH_INCLUDE_DIRS})
  target_link_libraries(nr_torch INTERFACE ${TORCH_LIBRARIES})
endif()
