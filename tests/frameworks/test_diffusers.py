from __future__ import annotations

from collections.abc import Mapping

import pytest

from fluvial.testing.flavors import Case, FlavorSuite

torch = pytest.importorskip("torch")
diffusers = pytest.importorskip("diffusers")
numpy = pytest.importorskip("numpy")
pandas = pytest.importorskip("pandas")


class TestDiffusers(FlavorSuite):
    flavor = "diffusers"
    tolerance = 1e-3

    @staticmethod
    def cases() -> Mapping[str, Case]:
        torch.manual_seed(0)
        network = diffusers.UNet2DModel(
            sample_size=8,
            block_out_channels=(8, 8),
            layers_per_block=1,
            norm_num_groups=2,
            down_block_types=("DownBlock2D", "DownBlock2D"),
            up_block_types=("UpBlock2D", "UpBlock2D"),
        )
        scheduler = diffusers.DDIMScheduler(num_train_timesteps=4)
        pipeline = diffusers.DDIMPipeline(unet=network.eval(), scheduler=scheduler)
        pipeline.set_progress_bar_config(disable=True)
        generators = [torch.Generator("cpu").manual_seed(seed) for seed in (1, 2)]
        expected = pipeline(
            batch_size=2, generator=generators, output_type="np", num_inference_steps=2
        ).images
        example = (pandas.DataFrame({"seed": [1, 2]}), {"num_inference_steps": 2})
        return {
            "a pipeline": Case(
                model=pipeline,
                example=example,
                expected=numpy.asarray(expected),
                in_mlflow=None,  # it keeps adapters alone, whose base model is elsewhere
            )
        }
